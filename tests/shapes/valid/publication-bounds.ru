# A publication without a date of issue has no bounds.
DELETE DATA { GRAPH source:concordia-2024 { publication:forest-2023-memorandum dcterms:issued "2023-05"^^xsd:gYearMonth ; aisi:earliestDate "2023-05-01"^^xsd:date ; aisi:latestDate "2023-05-31"^^xsd:date } } ;
INSERT DATA { GRAPH source:concordia-2024 { footnote:1 aisi:accessed "2024-11-25"^^xsd:date } }
