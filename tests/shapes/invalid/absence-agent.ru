# Nobody is absent.
DELETE DATA { GRAPH claim:1-absence { entity:illyria-absence aisi:absentAgent entity:illyria } }
