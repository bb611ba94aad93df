# An entity is of two types.
INSERT DATA { GRAPH graph:entities { entity:forest-group a org:Organization } }
