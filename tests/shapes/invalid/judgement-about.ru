# A judgement is about nothing.
DELETE DATA { GRAPH claim:1-judgement { entity:judgement aisi:concerns entity:memorandum } }
