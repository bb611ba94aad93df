# The end of a passage is no whole number.
DELETE DATA { GRAPH source:concordia-2024 { passage:70-76 oa:end 76 } } ;
INSERT DATA { GRAPH source:concordia-2024 { passage:70-76 oa:end 76.5 } }
