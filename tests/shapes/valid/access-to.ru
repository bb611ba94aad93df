# The receiver says itself that it has access.
DELETE DATA { GRAPH claim:1-access { entity:portia-access aisi:grantedTo entity:arden-aisi } } ;
INSERT DATA { GRAPH claim:1-access { entity:arden-aisi aisi:hasAccess entity:portia-access } }
