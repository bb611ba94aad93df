# A launch concerns what is no organisation.
DELETE DATA { GRAPH claim:1-launch { entity:forest-group-launch aisi:concerns entity:forest-group } } ;
INSERT DATA { GRAPH claim:1-launch { entity:forest-group-launch aisi:concerns entity:goal } }
