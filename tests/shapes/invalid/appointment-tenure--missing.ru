# An appointment is neither current nor former.
DELETE DATA { GRAPH claim:1-director { entity:rosalind-director aisi:tenure aisi:CurrentTenure } }
