# A document came out of a meeting.
DELETE DATA { GRAPH claim:1-guideline { entity:guideline aisi:issuedBy entity:arden-ministry } } ;
INSERT DATA { GRAPH claim:1-guideline { entity:meeting aisi:hasOutcome entity:guideline } }
