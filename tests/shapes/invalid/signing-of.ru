# A signing is of nothing.
DELETE DATA { GRAPH claim:1-signing { entity:memorandum-signing aisi:concerns entity:memorandum } } ;
DELETE DATA { GRAPH claim:1-signing-again { entity:memorandum-signing aisi:concerns entity:memorandum } }
