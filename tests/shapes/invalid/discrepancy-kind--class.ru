# The kind of a discrepancy is a topic.
DELETE DATA { GRAPH source:concordia-2024 { discrepancy:signing-date aisi:discrepancyKind aisi:ConflictingDates } } ;
INSERT DATA { GRAPH source:concordia-2024 { discrepancy:signing-date aisi:discrepancyKind aisi:AISafetyTesting } }
