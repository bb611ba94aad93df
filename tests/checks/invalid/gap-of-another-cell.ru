# A gap is of another row than its claim.
DELETE DATA { GRAPH claim:1-gap { entity:belmont-funding-gap aisi:gapOf entity:belmont-aisi } } ;
INSERT DATA { GRAPH claim:1-gap { entity:belmont-funding-gap aisi:gapOf entity:arden-aisi } }
