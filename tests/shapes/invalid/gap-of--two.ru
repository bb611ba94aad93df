# One gap is of two things.
INSERT DATA { GRAPH claim:1-gap { entity:belmont-funding-gap aisi:gapOf entity:arden-aisi } }
