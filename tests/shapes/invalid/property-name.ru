# A property begins with a capital.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:HasLeaf a owl:ObjectProperty ; rdfs:isDefinedBy <https://w3id.org/aisi-kg/ontology> ; rdfs:domain aisi:Tree ; rdfs:label "has leaf"@en , "有叶"@zh ; skos:definition "Relates a tree to a leaf."@en , "将树与叶相联系。"@zh } }
