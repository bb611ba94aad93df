# A number is a text.
DELETE DATA { GRAPH claim:1-staff { entity:arden-aisi-staff aisi:value 20 } } ;
INSERT DATA { GRAPH claim:1-staff { entity:arden-aisi-staff aisi:value "20" } }
