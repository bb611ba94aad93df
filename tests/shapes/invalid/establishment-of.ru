# An establishment is of nothing.
DELETE DATA { GRAPH claim:1-institute { entity:arden-aisi-establishment aisi:establishes entity:arden-aisi } }
