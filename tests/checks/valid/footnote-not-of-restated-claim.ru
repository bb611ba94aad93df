# A claim cites the footnotes of the two claims that it restates.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-signing-again cito:citesAsEvidence footnote:2 ; aisi:restates claim:1-institute } }
