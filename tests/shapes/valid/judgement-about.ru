# A judgement is about a topic.
DELETE DATA { GRAPH claim:1-judgement { entity:judgement aisi:concerns entity:memorandum } } ;
INSERT DATA { GRAPH claim:1-judgement { entity:judgement aisi:topic aisi:AISafetyTesting } }
