# A publication is issued twice.
INSERT DATA { GRAPH source:concordia-2024 { publication:forest-2023-memorandum dcterms:issued "2023-05-04"^^xsd:date } }
