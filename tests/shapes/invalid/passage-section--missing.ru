# A passage has no section.
DELETE DATA { GRAPH source:concordia-2024 { passage:70-76 aisi:section "1" } }
