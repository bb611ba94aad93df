# A claim of a cell is footnoted elsewhere.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-signing-again aisi:tableRow entity:arden-aisi ; aisi:tableColumn aisi:PeopleAspect } }
