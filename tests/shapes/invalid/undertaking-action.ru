# A task says nothing to be done.
DELETE DATA { GRAPH claim:1-mandate { entity:mandate aisi:action aisi:Research } }
