# The page of a passage is 0.
DELETE DATA { GRAPH source:concordia-2024 { passage:70-76 aisi:page 1 } } ;
INSERT DATA { GRAPH source:concordia-2024 { passage:70-76 aisi:page 0 } }
