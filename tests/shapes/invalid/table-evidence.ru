# A footnote is said to stand in a cell.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-mandate aisi:tableRow entity:arden-aisi ; aisi:tableColumn aisi:PeopleAspect } }
