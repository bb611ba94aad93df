# Two governments have one Chinese name.
INSERT DATA { GRAPH graph:entities { entity:state-of-arden a aisi:Government ; skos:prefLabel "State of Arden"@en , "阿登政府"@zh } } ;
INSERT DATA { GRAPH claim:1-evaluation { entity:portia-evaluation aisi:participant entity:state-of-arden } }
