# One gap is in two aspects.
INSERT DATA { GRAPH claim:1-gap { entity:belmont-funding-gap aisi:gapIn aisi:PeopleAspect } }
