# An institute is of no jurisdiction.
DELETE DATA { GRAPH claim:1-institute { entity:arden-aisi aisi:instituteOf entity:arden } }
