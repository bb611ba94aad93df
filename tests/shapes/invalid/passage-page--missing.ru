# A passage has no page.
DELETE DATA { GRAPH source:concordia-2024 { passage:70-76 aisi:page 1 } }
