# A bilateral memorandum has one party.
DELETE DATA { GRAPH claim:1-memorandum { entity:memorandum aisi:hasParty entity:belmont } }
