# A discrepancy is of no kind.
DELETE DATA { GRAPH source:concordia-2024 { discrepancy:signing-date aisi:discrepancyKind aisi:ConflictingDates } }
