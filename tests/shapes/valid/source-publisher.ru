# A source has two publishers.
INSERT DATA { GRAPH source:concordia-2024 { source:concordia-2024 dcterms:publisher entity:arden-ministry } }
