# A gap and its claim are of another column.
DELETE DATA { GRAPH claim:1-gap { entity:belmont-funding-gap aisi:gapIn aisi:FundingAspect } } ;
INSERT DATA { GRAPH claim:1-gap { entity:belmont-funding-gap aisi:gapIn aisi:PeopleAspect } } ;
DELETE DATA { GRAPH source:concordia-2024 { claim:1-gap aisi:tableColumn aisi:FundingAspect } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-gap aisi:tableColumn aisi:PeopleAspect } }
