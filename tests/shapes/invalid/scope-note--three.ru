# There are two scope notes in English.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree skos:scopeNote "Not of algorithms."@en , "Not of families."@en , "不指算法。"@zh } }
