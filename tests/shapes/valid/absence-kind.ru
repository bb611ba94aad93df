# An absence is of another kind.
DELETE DATA { GRAPH claim:1-absence { entity:illyria-absence aisi:absenceKind aisi:NotInvited } } ;
INSERT DATA { GRAPH claim:1-absence { entity:illyria-absence aisi:absenceKind aisi:NotAMember } }
