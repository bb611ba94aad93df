# A body that does not bear a name is absent from nothing.
DELETE DATA { GRAPH claim:1-absence { entity:illyria-absence aisi:absentFrom entity:meeting ; aisi:absenceKind aisi:NotInvited } } ;
INSERT DATA { GRAPH claim:1-absence { entity:illyria-absence aisi:absenceKind aisi:NotSoNamed } }
