# A bilateral memorandum has three parties.
INSERT DATA { GRAPH claim:1-memorandum { entity:memorandum aisi:hasParty entity:illyria } }
