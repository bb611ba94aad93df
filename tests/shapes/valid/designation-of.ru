# A designation is of a ministry.
DELETE DATA { GRAPH claim:1-designation { entity:belmont-designation aisi:concerns entity:belmont-aisi } } ;
INSERT DATA { GRAPH claim:1-designation { entity:belmont-designation aisi:concerns entity:arden-ministry } }
