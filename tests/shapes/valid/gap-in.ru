# A gap is in another aspect.
DELETE DATA { GRAPH claim:1-gap { entity:belmont-funding-gap aisi:gapIn aisi:FundingAspect } } ;
INSERT DATA { GRAPH claim:1-gap { entity:belmont-funding-gap aisi:gapIn aisi:PeopleAspect } }
