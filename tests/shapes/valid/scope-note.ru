# A scope note is in both languages.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree skos:scopeNote "Not of algorithms."@en , "不指算法。"@zh } }
