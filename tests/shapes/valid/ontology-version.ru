# The version has figures of two digits.
DELETE DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { <https://w3id.org/aisi-kg/ontology> owl:versionInfo "0.1.0" } } ;
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { <https://w3id.org/aisi-kg/ontology> owl:versionInfo "10.11.12" } }
