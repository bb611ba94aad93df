# The publisher of a source is a text.
DELETE DATA { GRAPH source:concordia-2024 { source:concordia-2024 dcterms:publisher entity:publisher } } ;
INSERT DATA { GRAPH source:concordia-2024 { source:concordia-2024 dcterms:publisher "Prospero Press" } }
