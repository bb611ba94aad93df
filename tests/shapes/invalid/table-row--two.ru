# A claim of a table names two rows.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-director aisi:tableRow entity:belmont-aisi } }
