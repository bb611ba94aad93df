# A footnote has two access dates.
INSERT DATA { GRAPH source:concordia-2024 { footnote:2 aisi:accessed "2024-11-24"^^xsd:date } }
