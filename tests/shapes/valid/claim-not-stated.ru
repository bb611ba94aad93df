# The cell of a claim that nothing is stated is another.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-gap aisi:tableColumn aisi:FundingAspect } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-gap aisi:tableColumn aisi:PeopleAspect } }
