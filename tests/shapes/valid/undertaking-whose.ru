# The plan that serves a goal says whose it is.
DELETE DATA { GRAPH claim:1-mandate { entity:goal aisi:undertakenBy entity:arden-aisi } }
