# The evidence of a claim is no code.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:evidence aisi:ReportOnly } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:evidence aisi:Rumour } }
