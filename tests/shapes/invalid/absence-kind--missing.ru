# An absence is of no kind.
DELETE DATA { GRAPH claim:1-absence { entity:illyria-absence aisi:absenceKind aisi:NotInvited } }
