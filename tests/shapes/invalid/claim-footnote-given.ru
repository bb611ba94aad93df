# A footnote is said to stand on the sentence of a claim that cites none.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-mandate cito:citesAsEvidence footnote:1 } }
