# The tenure of an appointment is a post.
DELETE DATA { GRAPH claim:1-director { entity:rosalind-director aisi:tenure aisi:CurrentTenure } } ;
INSERT DATA { GRAPH claim:1-director { entity:rosalind-director aisi:tenure aisi:Director } }
