# A discrepancy involves one claim.
DELETE DATA { GRAPH source:concordia-2024 { discrepancy:signing-date aisi:involvesClaim claim:1-signing } }
