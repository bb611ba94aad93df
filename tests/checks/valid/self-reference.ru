# Two events take place in the same period.
INSERT DATA { GRAPH claim:1-evaluation { entity:meeting aisi:concurrentWith entity:portia-evaluation } }
