# A launch is of nothing.
DELETE DATA { GRAPH claim:1-launch { entity:forest-group-launch aisi:concerns entity:forest-group } }
