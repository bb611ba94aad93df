# Nobody receives access.
DELETE DATA { GRAPH claim:1-access { entity:portia-access aisi:grantedTo entity:arden-aisi } }
