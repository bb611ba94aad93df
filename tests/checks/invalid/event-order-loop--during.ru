# Two events take place during each other.
INSERT DATA { GRAPH claim:1-evaluation { entity:meeting aisi:during entity:portia-evaluation } }
