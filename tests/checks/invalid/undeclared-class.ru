# An entity is of a class that is not declared.
INSERT DATA { GRAPH graph:entities { entity:arden-aisi a aisi:Institut } }
