# An entity is of one more class that is declared.
INSERT DATA { GRAPH graph:entities { entity:arden-aisi a org:Organization } }
