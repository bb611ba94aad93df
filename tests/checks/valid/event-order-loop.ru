# Three events follow each other.
INSERT DATA { GRAPH claim:1-launch { entity:memorandum-signing aisi:precedes entity:meeting } }
