# Two are absent.
INSERT DATA { GRAPH claim:1-absence { entity:illyria-absence aisi:absentAgent entity:belmont } }
