# The ontology has no version IRI.
DELETE DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { <https://w3id.org/aisi-kg/ontology> owl:versionIRI <https://w3id.org/aisi-kg/ontology/0.1.0> } }
