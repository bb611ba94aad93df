# The words of a statement are others.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:statement "阿登研究所至少有20名技术人员。"@zh } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:statement "阿登研究所的技术人员不少于20名。"@zh } }
