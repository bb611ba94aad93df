# One more currency has a code of its own.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:XGBP a aisi:Currency , skos:Concept , owl:NamedIndividual ; skos:inScheme aisi:CurrencyScheme ; skos:notation "XGB" ; skos:prefLabel "forest pound"@en , "森林镑"@zh ; rdfs:isDefinedBy <https://w3id.org/aisi-kg/ontology> ; skos:definition "Head of a forest."@en , "森林负责人。"@zh } }
