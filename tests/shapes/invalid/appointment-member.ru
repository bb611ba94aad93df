# An appointment is nobody’s.
DELETE DATA { GRAPH claim:1-director { entity:rosalind-director org:member entity:rosalind } }
