# A value is of a subclass of the range.
INSERT DATA { GRAPH claim:1-institute { entity:arden-aisi aisi:hasParentAgency entity:arden-government } }
