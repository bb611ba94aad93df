# A discrepancy involves three claims.
INSERT DATA { GRAPH source:concordia-2024 { <https://w3id.org/aisi-kg/source/concordia-2024/discrepancy/1> aisi:involvesClaim claim:1-memorandum } }
