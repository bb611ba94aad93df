# A code has a hyphen.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Copper-Beech a skos:Concept ; skos:inScheme aisi:TreeScheme ; rdfs:isDefinedBy <https://w3id.org/aisi-kg/ontology> ; skos:prefLabel "beech"@en , "山毛榉"@zh ; skos:definition "A beech."@en , "山毛榉。"@zh } }
