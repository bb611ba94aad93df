# An event has a comparator.
INSERT DATA { GRAPH claim:1-signing { entity:memorandum-signing aisi:comparator aisi:Exactly } }
