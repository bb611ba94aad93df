# Two posts have one English label.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Forester a aisi:PostType , skos:Concept , owl:NamedIndividual ; skos:inScheme aisi:PostTypeScheme ; skos:prefLabel "director"@en , "护林长"@zh ; rdfs:isDefinedBy <https://w3id.org/aisi-kg/ontology> ; skos:definition "Head of a forest."@en , "森林负责人。"@zh } }
