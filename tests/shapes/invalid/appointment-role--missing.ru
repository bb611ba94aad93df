# An appointment is to no post.
DELETE DATA { GRAPH claim:1-director { entity:rosalind-director org:role aisi:Director } }
