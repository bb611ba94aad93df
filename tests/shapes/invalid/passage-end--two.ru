# A passage has two ends.
INSERT DATA { GRAPH source:concordia-2024 { passage:70-76 oa:end 77 } }
