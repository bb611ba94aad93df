# The bounds of a publication are of another year.
DELETE DATA { GRAPH source:concordia-2024 { publication:forest-2023-memorandum dcterms:issued "2023-05"^^xsd:gYearMonth } } ;
INSERT DATA { GRAPH source:concordia-2024 { publication:forest-2023-memorandum dcterms:issued "2024-05"^^xsd:gYearMonth } }
