# A passage has two starts.
INSERT DATA { GRAPH source:concordia-2024 { passage:70-76 oa:start 71 } }
