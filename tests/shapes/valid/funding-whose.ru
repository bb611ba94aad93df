# A sum is for a goal.
DELETE DATA { GRAPH claim:1-funding { entity:arden-aisi-funding aisi:fundingRecipient entity:arden-aisi } } ;
INSERT DATA { GRAPH claim:1-funding { entity:arden-aisi-funding aisi:target entity:goal ; aisi:funder entity:arden } }
