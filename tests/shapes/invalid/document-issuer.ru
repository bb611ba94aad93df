# A document is nobody’s.
DELETE DATA { GRAPH claim:1-guideline { entity:guideline aisi:issuedBy entity:arden-ministry } }
