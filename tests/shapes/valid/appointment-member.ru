# An appointment is held by some of a group.
DELETE DATA { GRAPH claim:1-director { entity:rosalind-director org:member entity:rosalind } } ;
INSERT DATA { GRAPH claim:1-director { entity:rosalind-director aisi:heldWithinGroup entity:foresters } } ;
INSERT DATA { GRAPH graph:entities { entity:foresters a foaf:Group ; skos:prefLabel "Foresters"@en , "护林员"@zh } }
