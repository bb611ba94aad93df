# A staff count is of another organisation.
DELETE DATA { GRAPH claim:1-staff { entity:arden-aisi-staff aisi:countOf entity:arden-aisi } } ;
INSERT DATA { GRAPH claim:1-staff { entity:arden-aisi-staff aisi:countOf entity:belmont-aisi } }
