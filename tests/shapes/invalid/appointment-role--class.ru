# The post of an appointment is a topic.
DELETE DATA { GRAPH claim:1-director { entity:rosalind-director org:role aisi:Director } } ;
INSERT DATA { GRAPH claim:1-director { entity:rosalind-director org:role aisi:AISafetyTesting } }
