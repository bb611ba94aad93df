# Nothing uses an entity.
INSERT DATA { GRAPH graph:entities { entity:nerissa-labs a aisi:Company ; skos:prefLabel "Nerissa Labs"@en , "Nerissa Labs"@zh } }
