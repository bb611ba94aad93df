# A goal needs no action.
INSERT DATA { GRAPH graph:entities { entity:peace a aisi:Goal ; skos:prefLabel "Peace"@en , "和平"@zh } } ;
INSERT DATA { GRAPH claim:1-mandate { entity:peace aisi:undertakenBy entity:arden } }
