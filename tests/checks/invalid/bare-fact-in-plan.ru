# A fact stands beside a plan.
INSERT DATA { GRAPH claim:1-meeting-plan { entity:meeting aisi:location entity:forest } } ;
INSERT DATA { GRAPH graph:entities { entity:forest a aisi:Place ; skos:prefLabel "Forest"@en , "森林"@zh } }
