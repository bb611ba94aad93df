# A meeting takes place during itself.
INSERT DATA { GRAPH claim:1-evaluation { entity:meeting aisi:concurrentWith entity:meeting } }
