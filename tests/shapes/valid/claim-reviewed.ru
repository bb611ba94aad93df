# A claim has a date of review.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:reviewed "2024-12-02"^^xsd:date } }
