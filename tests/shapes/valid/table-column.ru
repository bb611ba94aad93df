# A claim is of a cell.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:tableRow entity:arden-aisi ; aisi:tableColumn aisi:PeopleAspect } }
