# A claim makes a meeting a summit.
INSERT DATA { GRAPH claim:1-evaluation { entity:meeting a aisi:Summit } }
