# An amount is in Canadian dollars.
DELETE DATA { GRAPH claim:1-funding { entity:arden-aisi-funding aisi:currency aisi:GBP } } ;
INSERT DATA { GRAPH claim:1-funding { entity:arden-aisi-funding aisi:currency aisi:CAD } }
