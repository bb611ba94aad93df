# A sum is nobody’s and for nothing.
DELETE DATA { GRAPH claim:1-funding { entity:arden-aisi-funding aisi:fundingRecipient entity:arden-aisi } } ;
INSERT DATA { GRAPH claim:1-funding { entity:arden-aisi-funding aisi:funder entity:arden } }
