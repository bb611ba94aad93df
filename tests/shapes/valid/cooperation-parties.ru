# A party says itself that it is one.
DELETE DATA { GRAPH claim:1-memorandum { entity:memorandum aisi:hasParty entity:belmont } } ;
INSERT DATA { GRAPH claim:1-memorandum { entity:belmont aisi:isPartyTo entity:memorandum } }
