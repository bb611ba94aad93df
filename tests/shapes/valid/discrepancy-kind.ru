# A discrepancy is an omission.
DELETE DATA { GRAPH source:concordia-2024 { <https://w3id.org/aisi-kg/source/concordia-2024/discrepancy/1> aisi:discrepancyKind aisi:ConflictingDates } } ;
INSERT DATA { GRAPH source:concordia-2024 { <https://w3id.org/aisi-kg/source/concordia-2024/discrepancy/1> aisi:discrepancyKind aisi:Omission } }
