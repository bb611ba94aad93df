# One more discrepancy is in the source.
INSERT DATA { GRAPH source:concordia-2024 { discrepancy:more a aisi:Discrepancy ; dcterms:isPartOf source:concordia-2024 ; aisi:discrepancyKind aisi:Omission ; aisi:involvesClaim claim:1-gap , claim:1-funding ; skos:prefLabel "More"@en , "更多"@zh ; skos:editorialNote "More."@en , "更多。"@zh } }
