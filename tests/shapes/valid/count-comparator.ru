# A count is exact.
DELETE DATA { GRAPH claim:1-staff { entity:arden-aisi-staff aisi:comparator aisi:AtLeast } } ;
INSERT DATA { GRAPH claim:1-staff { entity:arden-aisi-staff aisi:comparator aisi:Exactly } }
