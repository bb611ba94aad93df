# A currency has no amount.
DELETE DATA { GRAPH claim:1-funding { entity:arden-aisi-funding aisi:amount 1500000.0 } }
