# Somebody is absent from nothing.
DELETE DATA { GRAPH claim:1-absence { entity:illyria-absence aisi:absentFrom entity:meeting } }
