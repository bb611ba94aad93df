# An appointment is to another post.
DELETE DATA { GRAPH claim:1-director { entity:rosalind-director org:role aisi:Director } } ;
INSERT DATA { GRAPH claim:1-director { entity:rosalind-director org:role aisi:Chairperson } }
