# The comparator of an amount is a currency.
DELETE DATA { GRAPH claim:1-funding { entity:arden-aisi-funding aisi:comparator aisi:Exactly } } ;
INSERT DATA { GRAPH claim:1-funding { entity:arden-aisi-funding aisi:comparator aisi:GBP } }
