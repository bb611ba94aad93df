# Nothing says what to use in the place of a deprecated term.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree owl:deprecated true } }
