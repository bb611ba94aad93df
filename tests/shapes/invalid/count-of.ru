# A count does not say what it counts.
INSERT DATA { GRAPH graph:entities { entity:papers a aisi:Count ; skos:prefLabel "Papers"@en , "论文数量"@zh } } ;
INSERT DATA { GRAPH claim:1-staff { entity:papers aisi:value 3 ; aisi:comparator aisi:Exactly } }
