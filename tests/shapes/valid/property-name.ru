# A property has digits.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:has2Leaves a owl:DatatypeProperty ; rdfs:isDefinedBy <https://w3id.org/aisi-kg/ontology> ; rdfs:label "has two leaves"@en , "有两叶"@zh ; skos:definition "Tells that there are two."@en , "说明有两片。"@zh } }
