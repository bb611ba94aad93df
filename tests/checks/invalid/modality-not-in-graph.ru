# A plan reads as a fact.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-access aisi:modality aisi:Fact } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-access aisi:modality aisi:Plan } }
