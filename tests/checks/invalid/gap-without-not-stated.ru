# A gap stands in a claim of fact.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-gap aisi:modality aisi:NotStated } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-gap aisi:modality aisi:Fact } }
