# The comparator of a count is a tenure.
DELETE DATA { GRAPH claim:1-staff { entity:arden-aisi-staff aisi:comparator aisi:AtLeast } } ;
INSERT DATA { GRAPH claim:1-staff { entity:arden-aisi-staff aisi:comparator aisi:CurrentTenure } }
