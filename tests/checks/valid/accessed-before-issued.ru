# A page was consulted on the first day on which it can have been published.
INSERT DATA { GRAPH source:concordia-2024 { footnote:1 aisi:accessed "2023-05-01"^^xsd:date } }
