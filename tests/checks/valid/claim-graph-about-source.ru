# What is said about a footnote stands outside the claims.
INSERT DATA { GRAPH source:concordia-2024 { footnote:1 skos:editorialNote "A note."@en , "注。"@zh } }
