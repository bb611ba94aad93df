# The name of an entity has a capital.
INSERT DATA { GRAPH graph:entities { entity:Nerissa a foaf:Person ; skos:prefLabel "Nerissa"@en , "尼莉莎"@zh } } ;
INSERT DATA { GRAPH claim:1-evaluation { entity:portia-evaluation aisi:participant entity:Nerissa } }
