# An evaluation is of nothing.
DELETE DATA { GRAPH claim:1-evaluation { entity:portia-evaluation aisi:evaluatedModel entity:portia-1 } }
