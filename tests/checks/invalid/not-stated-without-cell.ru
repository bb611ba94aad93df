# A claim that nothing is stated names no cell.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-gap aisi:tableRow entity:belmont-aisi ; aisi:tableColumn aisi:FundingAspect } }
