# The date of a review is a year.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:reviewed "2024"^^xsd:gYear } }
