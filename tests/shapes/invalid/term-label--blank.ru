# A label begins with a blank.
DELETE DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree rdfs:label "tree"@en } } ;
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree rdfs:label " tree"@en } }
