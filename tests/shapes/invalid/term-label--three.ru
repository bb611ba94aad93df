# A class has two labels in English.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree rdfs:label "wood"@en } }
