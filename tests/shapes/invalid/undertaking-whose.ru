# A task is nobody’s.
DELETE DATA { GRAPH claim:1-mandate { entity:mandate aisi:undertakenBy entity:arden-aisi } }
