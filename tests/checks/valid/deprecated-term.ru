# A deprecated term is not used.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:priorityTopic owl:deprecated true } }
