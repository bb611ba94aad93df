# An amount has no comparator.
DELETE DATA { GRAPH claim:1-funding { entity:arden-aisi-funding aisi:comparator aisi:Exactly } }
