# A scope note is in English alone.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree skos:scopeNote "Not of algorithms."@en } }
