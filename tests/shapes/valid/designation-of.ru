# A designation is of a ministry.
DELETE DATA { GRAPH claim:1-designation { entity:belmont-designation aisi:designates entity:belmont-aisi } } ;
INSERT DATA { GRAPH claim:1-designation { entity:belmont-designation aisi:designates entity:arden-ministry } }
