# The section of a passage is empty.
DELETE DATA { GRAPH source:concordia-2024 { passage:70-76 aisi:section "1" } } ;
INSERT DATA { GRAPH source:concordia-2024 { passage:70-76 aisi:section "" } }
