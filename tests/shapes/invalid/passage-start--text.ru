# The start of a passage is a text.
DELETE DATA { GRAPH source:concordia-2024 { passage:70-76 oa:start 70 } } ;
INSERT DATA { GRAPH source:concordia-2024 { passage:70-76 oa:start "70" } }
