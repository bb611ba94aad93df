# A passage has two sections.
INSERT DATA { GRAPH source:concordia-2024 { passage:70-76 aisi:section "2" } }
