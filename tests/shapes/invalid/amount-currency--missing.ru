# An amount has no currency.
DELETE DATA { GRAPH claim:1-funding { entity:arden-aisi-funding aisi:currency aisi:GBP } }
