# A claim has no statement in Chinese.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:statement "阿登研究所至少有20名技术人员。"@zh } }
