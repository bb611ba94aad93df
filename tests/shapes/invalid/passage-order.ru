# A passage ends where it starts.
DELETE DATA { GRAPH source:concordia-2024 { passage:70-76 oa:end 76 } } ;
INSERT DATA { GRAPH source:concordia-2024 { passage:70-76 oa:end 70 } }
