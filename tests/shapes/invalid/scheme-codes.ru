# A scheme has no code.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:BushScheme a skos:ConceptScheme ; rdfs:isDefinedBy <https://w3id.org/aisi-kg/ontology> ; skos:prefLabel "codes: bush"@en , "代码表：灌木"@zh ; skos:definition "The codes for bushes."@en , "灌木的代码表。"@zh } }
