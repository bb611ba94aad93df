# A passage has no start.
DELETE DATA { GRAPH source:concordia-2024 { passage:70-76 oa:start 70 } }
