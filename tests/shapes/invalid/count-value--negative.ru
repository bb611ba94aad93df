# The value of a count is negative.
DELETE DATA { GRAPH claim:1-staff { entity:arden-aisi-staff aisi:value 20 } } ;
INSERT DATA { GRAPH claim:1-staff { entity:arden-aisi-staff aisi:value -1 } }
