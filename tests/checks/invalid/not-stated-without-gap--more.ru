# A claim that nothing is stated says something beside.
INSERT DATA { GRAPH claim:1-gap { entity:belmont-aisi aisi:instituteOf entity:belmont } }
