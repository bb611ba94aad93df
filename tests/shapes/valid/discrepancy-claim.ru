# A discrepancy involves three claims.
INSERT DATA { GRAPH source:concordia-2024 { discrepancy:signing-date aisi:involvesClaim claim:1-memorandum } }
