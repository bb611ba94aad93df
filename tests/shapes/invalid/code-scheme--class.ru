# A code is in what is no scheme.
DELETE DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Oak skos:inScheme aisi:TreeScheme } } ;
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Oak skos:inScheme aisi:Tree } }
