# A claim footnoted elsewhere cites a footnote that stands in another place.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-signing-again cito:citesAsEvidence footnote:2 } }
