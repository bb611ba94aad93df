# The ontology has two version IRIs.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { <https://w3id.org/aisi-kg/ontology> owl:versionIRI <https://w3id.org/aisi-kg/ontology/0.2.0> } }
