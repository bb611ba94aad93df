# A statement ends without a full stop.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:statement "The Arden AISI has at least 20 technical staff."@en } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:statement "The Arden AISI has at least 20 technical staff"@en } }
