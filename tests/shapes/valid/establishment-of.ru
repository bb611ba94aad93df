# An establishment is of a group.
DELETE DATA { GRAPH claim:1-institute { entity:arden-aisi-establishment aisi:establishes entity:arden-aisi } } ;
INSERT DATA { GRAPH claim:1-institute { entity:arden-aisi-establishment aisi:establishes entity:forest-group } }
