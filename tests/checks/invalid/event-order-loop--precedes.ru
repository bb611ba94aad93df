# Two events precede each other.
INSERT DATA { GRAPH claim:1-launch { entity:memorandum-signing aisi:precedes entity:forest-group-launch } }
