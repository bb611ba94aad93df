# The value of a count is 0.
DELETE DATA { GRAPH claim:1-staff { entity:arden-aisi-staff aisi:value 20 } } ;
INSERT DATA { GRAPH claim:1-staff { entity:arden-aisi-staff aisi:value 0 } }
