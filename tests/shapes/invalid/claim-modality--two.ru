# A claim has two modalities.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:modality aisi:Plan } }
