# A class has no label in Chinese.
DELETE DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree rdfs:label "树"@zh } }
