# A count has no comparator.
DELETE DATA { GRAPH claim:1-staff { entity:arden-aisi-staff aisi:comparator aisi:AtLeast } }
