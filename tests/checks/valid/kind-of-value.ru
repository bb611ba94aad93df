# A topic is the name of a thing.
INSERT DATA { GRAPH claim:1-memorandum { entity:memorandum aisi:topic aisi:AISafetyTesting } }
