# A publication has two titles in one language.
INSERT DATA { GRAPH source:concordia-2024 { publication:forest-2023-memorandum dcterms:title "Forest memorandum"@en } }
