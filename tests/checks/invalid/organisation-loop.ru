# A ministry is part of its own institute.
INSERT DATA { GRAPH claim:1-institute { entity:arden-ministry org:subOrganizationOf entity:arden-aisi } }
