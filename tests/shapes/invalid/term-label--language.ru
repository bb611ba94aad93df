# A label is in French.
DELETE DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree rdfs:label "树"@zh } } ;
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree rdfs:label "arbre"@fr } }
