# An amount is 0.
DELETE DATA { GRAPH claim:1-funding { entity:arden-aisi-funding aisi:amount 1500000.0 } } ;
INSERT DATA { GRAPH claim:1-funding { entity:arden-aisi-funding aisi:amount 0.0 } }
