# A staff count names no organisation.
DELETE DATA { GRAPH claim:1-staff { entity:arden-aisi-staff aisi:countOf entity:arden-aisi } }
