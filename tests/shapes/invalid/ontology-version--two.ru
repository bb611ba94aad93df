# The ontology has two versions.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { <https://w3id.org/aisi-kg/ontology> owl:versionInfo "0.2.0" } }
