# A gap is of another institute.
DELETE DATA { GRAPH claim:1-gap { entity:belmont-funding-gap aisi:gapOf entity:belmont-aisi } } ;
INSERT DATA { GRAPH claim:1-gap { entity:belmont-funding-gap aisi:gapOf entity:arden-aisi } }
