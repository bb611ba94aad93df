# An access date is a month.
DELETE DATA { GRAPH source:concordia-2024 { footnote:2 aisi:accessed "2024-11-25"^^xsd:date } } ;
INSERT DATA { GRAPH source:concordia-2024 { footnote:2 aisi:accessed "2024-11"^^xsd:gYearMonth } }
