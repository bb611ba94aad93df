# A judgement is nobody’s.
DELETE DATA { GRAPH claim:1-judgement { entity:judgement aisi:judgedBy entity:publisher } }
