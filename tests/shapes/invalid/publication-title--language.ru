# The title of a publication has no language.
DELETE DATA { GRAPH source:concordia-2024 { publication:forest-2023-memorandum dcterms:title "Memorandum of the forest"@en } } ;
INSERT DATA { GRAPH source:concordia-2024 { publication:forest-2023-memorandum dcterms:title "Memorandum of the forest" } }
