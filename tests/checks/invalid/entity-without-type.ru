# An entity is of no type.
INSERT DATA { GRAPH graph:entities { entity:something skos:prefLabel "Something"@en , "某物"@zh } }
