# A publication has no title.
DELETE DATA { GRAPH source:concordia-2024 { publication:forest-2023-memorandum dcterms:title "Memorandum of the forest"@en } }
