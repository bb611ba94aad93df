# A footnote of a dated publication has an access date.
INSERT DATA { GRAPH source:concordia-2024 { footnote:1 aisi:accessed "2024-11-25"^^xsd:date } }
