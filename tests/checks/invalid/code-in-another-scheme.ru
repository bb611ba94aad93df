# A post stands among the topics.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Forester a aisi:PostType , skos:Concept , owl:NamedIndividual ; skos:inScheme aisi:TopicScheme ; skos:prefLabel "forester"@en , "护林长"@zh ; rdfs:isDefinedBy <https://w3id.org/aisi-kg/ontology> ; skos:definition "Head of a forest."@en , "森林负责人。"@zh } }
