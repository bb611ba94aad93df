# A publication has no date of any kind.
DELETE DATA { GRAPH source:concordia-2024 { footnote:2 aisi:accessed "2024-11-25"^^xsd:date } }
