# A class begins with a small letter.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:bush a owl:Class ; rdfs:isDefinedBy <https://w3id.org/aisi-kg/ontology> ; rdfs:label "bush"@en , "灌木"@zh ; skos:definition "A low plant."@en , "矮的植物。"@zh } }
