# One of two claims says what is signed.
DELETE DATA { GRAPH claim:1-signing { entity:memorandum-signing aisi:concerns entity:memorandum } }
