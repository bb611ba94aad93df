# A claim of a table names two columns.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-director aisi:tableColumn aisi:FundingAspect } }
