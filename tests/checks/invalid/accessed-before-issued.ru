# A page was consulted before it was published.
INSERT DATA { GRAPH source:concordia-2024 { footnote:1 aisi:accessed "2023-04-30"^^xsd:date } }
