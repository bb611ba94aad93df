# The currency of an amount is a comparator.
DELETE DATA { GRAPH claim:1-funding { entity:arden-aisi-funding aisi:currency aisi:GBP } } ;
INSERT DATA { GRAPH claim:1-funding { entity:arden-aisi-funding aisi:currency aisi:Exactly } }
