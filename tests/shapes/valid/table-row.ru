# A claim is of a cell in another row.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:tableRow entity:belmont-aisi ; aisi:tableColumn aisi:PeopleAspect } }
