# The version IRI is a text.
DELETE DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { <https://w3id.org/aisi-kg/ontology> owl:versionIRI <https://w3id.org/aisi-kg/ontology/0.1.0> } } ;
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { <https://w3id.org/aisi-kg/ontology> owl:versionIRI "0.1.0" } }
