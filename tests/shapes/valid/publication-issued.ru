# A date of issue is a year.
DELETE DATA { GRAPH source:concordia-2024 { publication:forest-2023-memorandum dcterms:issued "2023-05"^^xsd:gYearMonth } } ;
INSERT DATA { GRAPH source:concordia-2024 { publication:forest-2023-memorandum dcterms:issued "2023"^^xsd:gYear } }
