# The publisher of a publication is not described.
INSERT DATA { GRAPH source:concordia-2024 { publication:forest-page dcterms:publisher entity:nobody } }
