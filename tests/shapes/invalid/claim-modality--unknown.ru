# The modality of a claim is no code.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:modality aisi:Fact } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:modality aisi:Opinion } }
