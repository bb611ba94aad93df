# A plan is one.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-mandate aisi:modality aisi:Fact } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-mandate aisi:modality aisi:Plan } }
