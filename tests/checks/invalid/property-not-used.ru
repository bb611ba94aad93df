# The ontology has a property that nothing uses.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:shades a owl:ObjectProperty ; rdfs:isDefinedBy <https://w3id.org/aisi-kg/ontology> ; rdfs:label "shades"@en , "遮蔽"@zh ; skos:definition "Relates a thing to what it shades."@en , "将事物与其所遮蔽者相联系。"@zh } }
