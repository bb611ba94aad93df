# A passage has no end.
DELETE DATA { GRAPH source:concordia-2024 { passage:70-76 oa:end 76 } }
