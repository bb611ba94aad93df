# A claim of a table names a row alone.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-director aisi:tableColumn aisi:PeopleAspect } }
