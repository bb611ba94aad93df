# A source has two titles in English.
INSERT DATA { GRAPH source:concordia-2024 { source:concordia-2024 dcterms:title "Invented report"@en } }
