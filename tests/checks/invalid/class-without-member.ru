# The ontology has a class to which nothing belongs.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree a owl:Class ; rdfs:isDefinedBy <https://w3id.org/aisi-kg/ontology> ; rdfs:label "tree"@en , "树"@zh ; skos:definition "A plant that has a trunk."@en , "有树干的植物。"@zh } }
