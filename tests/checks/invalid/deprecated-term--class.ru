# An entity is of a class that is deprecated.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Guideline owl:deprecated true } }
