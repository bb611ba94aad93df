# A claim has no aisi:evidence.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:evidence aisi:ReportOnly } }
