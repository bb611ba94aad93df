# The kind of an absence is a topic.
DELETE DATA { GRAPH claim:1-absence { entity:illyria-absence aisi:absenceKind aisi:NotInvited } } ;
INSERT DATA { GRAPH claim:1-absence { entity:illyria-absence aisi:absenceKind aisi:AISafetyTesting } }
