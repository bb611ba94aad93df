# Nobody gives access.
DELETE DATA { GRAPH claim:1-access { entity:portia-access aisi:grantedBy entity:portia-labs } }
