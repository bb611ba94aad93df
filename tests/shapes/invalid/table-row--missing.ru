# A claim of a table names a column alone.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-director aisi:tableRow entity:arden-aisi } }
