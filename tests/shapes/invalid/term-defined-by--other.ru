# A term is defined by another ontology.
DELETE DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree rdfs:isDefinedBy <https://w3id.org/aisi-kg/ontology> } } ;
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree rdfs:isDefinedBy <https://example.org/other> } }
