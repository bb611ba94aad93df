# A narrower code is used.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Trees a aisi:Topic , owl:NamedIndividual , skos:Concept ; rdfs:isDefinedBy <https://w3id.org/aisi-kg/ontology> ; skos:inScheme aisi:TopicScheme ; skos:prefLabel "trees"@en , "树木"@zh ; skos:definition "Trees as an object of work."@en , "作为工作对象的树木。"@zh . aisi:AISafetyTesting skos:broader aisi:Trees } }
