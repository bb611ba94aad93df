# One claim gives a sum in two currencies.
INSERT DATA { GRAPH claim:1-funding { entity:arden-aisi-funding aisi:currency aisi:EUR } }
