# A claim uses a property that is deprecated.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:hasParentAgency owl:deprecated true } }
