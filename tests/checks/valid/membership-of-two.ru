# Two persons have an appointment each.
INSERT DATA { GRAPH claim:1-staff { entity:celia-director a aisi:Appointment ; org:member entity:celia ; org:organization entity:arden-aisi ; org:role aisi:Director ; aisi:tenure aisi:FormerTenure } } ;
INSERT DATA { GRAPH graph:entities { entity:celia a foaf:Person ; skos:prefLabel "Celia"@en , "西莉娅"@zh . entity:celia-director a aisi:Appointment ; skos:prefLabel "Celia as director"@en , "西莉娅任主任"@zh } }
