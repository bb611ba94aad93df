# A claim has no aisi:modality.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:modality aisi:Fact } }
