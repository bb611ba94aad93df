# A discrepancy involves as a claim what is none.
INSERT DATA { GRAPH source:concordia-2024 { discrepancy:signing-date aisi:involvesClaim passage:0-6 } }
