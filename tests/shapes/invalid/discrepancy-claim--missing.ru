# A discrepancy involves publications alone.
DELETE DATA { GRAPH source:concordia-2024 { discrepancy:signing-date aisi:involvesClaim claim:1-signing , claim:1-signing-again } } ;
INSERT DATA { GRAPH source:concordia-2024 { discrepancy:signing-date aisi:involvesPublication publication:forest-page , publication:forest-2023-memorandum } }
