# A property has neither a domain nor a range, and nothing says why.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:shades a owl:ObjectProperty ; rdfs:isDefinedBy <https://w3id.org/aisi-kg/ontology> ; rdfs:label "shades"@en , "遮蔽"@zh ; skos:definition "Relates a tree to what it shades."@en , "将树与其所遮蔽者相联系。"@zh } }
