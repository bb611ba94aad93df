# A claim uses a code that the ontology does not have.
DELETE DATA { GRAPH claim:1-director { entity:rosalind-director org:role aisi:Director } } ;
INSERT DATA { GRAPH claim:1-director { entity:rosalind-director org:role aisi:Directress } }
