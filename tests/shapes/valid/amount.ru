# Two claims give one commitment different amounts.
INSERT DATA { GRAPH claim:1-staff { entity:arden-aisi-funding aisi:amount 2000000.0 } }
