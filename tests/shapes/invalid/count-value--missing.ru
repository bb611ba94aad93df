# A count has no value.
DELETE DATA { GRAPH claim:1-staff { entity:arden-aisi-staff aisi:value 20 } }
