# An event took place in the same period as another.
DELETE DATA { GRAPH claim:1-launch { entity:forest-group-launch aisi:precedes entity:memorandum-signing } } ;
INSERT DATA { GRAPH claim:1-launch { entity:forest-group-launch aisi:concurrentWith entity:memorandum-signing } }
