# A claim makes a meeting an event, which it is.
INSERT DATA { GRAPH claim:1-evaluation { entity:meeting a aisi:Event } }
