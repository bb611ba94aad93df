# A claim has a statement in French in the place of the Chinese one.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:statement "阿登研究所至少有20名技术人员。"@zh } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:statement "Au moins vingt."@fr } }
