# An announcement says what is to be done.
DELETE DATA { GRAPH claim:1-announcement { entity:announcement aisi:announces entity:meeting-plan } } ;
INSERT DATA { GRAPH claim:1-announcement { entity:announcement aisi:action aisi:Host ; aisi:target entity:meeting } } ;
INSERT DATA { GRAPH claim:1-meeting-plan { entity:meeting-plan aisi:undertakenBy entity:belmont } }
