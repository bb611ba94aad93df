# A claim cites another footnote.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-mandate cito:citesAsEvidence footnote:1 } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-mandate cito:citesAsEvidence footnote:2 } }
