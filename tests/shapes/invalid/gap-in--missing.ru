# A gap is in no aspect.
DELETE DATA { GRAPH claim:1-gap { entity:belmont-funding-gap aisi:gapIn aisi:FundingAspect } }
