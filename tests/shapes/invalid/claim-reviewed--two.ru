# A claim has two dates of review.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-institute aisi:reviewed "2024-12-02"^^xsd:date } }
