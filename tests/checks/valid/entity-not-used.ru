# A publication uses an entity.
INSERT DATA { GRAPH graph:entities { entity:nerissa-labs a aisi:Company ; skos:prefLabel "Nerissa Labs"@en , "Nerissa Labs"@zh } } ;
INSERT DATA { GRAPH source:concordia-2024 { publication:forest-page dcterms:publisher entity:nerissa-labs } }
