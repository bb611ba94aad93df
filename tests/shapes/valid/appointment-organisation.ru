# An appointment is in a company.
DELETE DATA { GRAPH claim:1-director { entity:rosalind-director org:organization entity:arden-aisi } } ;
INSERT DATA { GRAPH claim:1-director { entity:rosalind-director org:organization entity:portia-labs } }
