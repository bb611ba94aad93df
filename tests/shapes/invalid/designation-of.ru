# A designation is of nothing.
DELETE DATA { GRAPH claim:1-designation { entity:belmont-designation aisi:concerns entity:belmont-aisi } }
