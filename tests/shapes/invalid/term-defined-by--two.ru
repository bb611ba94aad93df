# A term is defined by two ontologies.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree rdfs:isDefinedBy <https://example.org/other> } }
