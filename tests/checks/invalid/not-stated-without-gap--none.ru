# A claim that nothing is stated has no gap.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-director aisi:modality aisi:Fact } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-director aisi:modality aisi:NotStated } }
