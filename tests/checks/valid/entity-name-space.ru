# The name of an entity has digits and hyphens.
INSERT DATA { GRAPH graph:entities { entity:nerissa-2nd a foaf:Person ; skos:prefLabel "Nerissa"@en , "尼莉莎"@zh } } ;
INSERT DATA { GRAPH claim:1-evaluation { entity:portia-evaluation aisi:participant entity:nerissa-2nd } }
