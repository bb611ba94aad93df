# A code is in no scheme.
DELETE DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Oak skos:inScheme aisi:TreeScheme } }
