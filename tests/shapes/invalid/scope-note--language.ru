# A scope note is in French.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree skos:scopeNote "Pas les algorithmes."@fr , "不指算法。"@zh } }
