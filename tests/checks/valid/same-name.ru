# A person and a country have one name.
INSERT DATA { GRAPH graph:entities { entity:arden-person a foaf:Person ; skos:prefLabel "Arden"@en , "阿登"@zh } } ;
INSERT DATA { GRAPH claim:1-evaluation { entity:portia-evaluation aisi:participant entity:arden-person } }
