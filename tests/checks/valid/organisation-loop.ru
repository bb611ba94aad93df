# An institute is part of a part of a government.
INSERT DATA { GRAPH claim:1-institute { entity:arden-ministry org:subOrganizationOf entity:arden-government } }
