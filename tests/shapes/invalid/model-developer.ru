# A model is nobody’s.
DELETE DATA { GRAPH claim:1-access { entity:portia-1 aisi:developedBy entity:portia-labs } }
