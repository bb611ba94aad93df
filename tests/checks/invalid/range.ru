# An institute is that of a company.
INSERT DATA { GRAPH claim:1-institute { entity:arden-aisi aisi:instituteOf entity:portia-labs } }
