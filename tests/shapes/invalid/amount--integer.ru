# An amount is a whole number.
DELETE DATA { GRAPH claim:1-funding { entity:arden-aisi-funding aisi:amount 1500000.0 } } ;
INSERT DATA { GRAPH claim:1-funding { entity:arden-aisi-funding aisi:amount 1500000 } }
