# A claim for which the report alone stands cites a footnote.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-staff cito:citesAsEvidence footnote:2 } }
