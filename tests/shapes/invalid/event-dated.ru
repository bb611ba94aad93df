# An event is not placed in time.
DELETE DATA { GRAPH claim:1-launch { entity:forest-group-launch aisi:precedes entity:memorandum-signing } }
