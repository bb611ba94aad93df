# A passage has two pages.
INSERT DATA { GRAPH source:concordia-2024 { passage:70-76 aisi:page 2 } }
