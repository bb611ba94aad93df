# Nothing says why a footnote bears on a claim.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-institute skos:editorialNote "The page speaks of the institute."@en , "该网页述及该研究所。"@zh } }
