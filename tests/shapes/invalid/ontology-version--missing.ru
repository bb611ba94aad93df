# The ontology has no version.
DELETE DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { <https://w3id.org/aisi-kg/ontology> owl:versionInfo "0.1.0" } }
