# A discrepancy is an omission.
DELETE DATA { GRAPH source:concordia-2024 { discrepancy:signing-date aisi:discrepancyKind aisi:ConflictingDates } } ;
INSERT DATA { GRAPH source:concordia-2024 { discrepancy:signing-date aisi:discrepancyKind aisi:Omission } }
