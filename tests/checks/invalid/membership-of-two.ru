# Two claims give one appointment two holders.
INSERT DATA { GRAPH claim:1-staff { entity:rosalind-director org:member entity:celia } } ;
INSERT DATA { GRAPH graph:entities { entity:celia a foaf:Person ; skos:prefLabel "Celia"@en , "西莉娅"@zh } }
