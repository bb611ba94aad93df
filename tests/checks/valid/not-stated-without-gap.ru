# A cell has another gap.
DELETE DATA { GRAPH claim:1-gap { entity:belmont-funding-gap aisi:gapOf entity:belmont-aisi } } ;
INSERT DATA { GRAPH claim:1-gap { entity:belmont-funding-gap aisi:gapOf entity:arden-aisi } } ;
DELETE DATA { GRAPH source:concordia-2024 { claim:1-gap aisi:tableRow entity:belmont-aisi } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-gap aisi:tableRow entity:arden-aisi } }
