# A section is the name of a thing.
INSERT DATA { GRAPH source:concordia-2024 { passage:70-76 aisi:section entity:meeting } }
