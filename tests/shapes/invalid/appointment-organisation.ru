# An appointment is in no organisation.
DELETE DATA { GRAPH claim:1-director { entity:rosalind-director org:organization entity:arden-aisi } }
