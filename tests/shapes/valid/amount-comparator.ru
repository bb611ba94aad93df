# An amount is a lower bound.
DELETE DATA { GRAPH claim:1-funding { entity:arden-aisi-funding aisi:comparator aisi:Exactly } } ;
INSERT DATA { GRAPH claim:1-funding { entity:arden-aisi-funding aisi:comparator aisi:MoreThan } }
