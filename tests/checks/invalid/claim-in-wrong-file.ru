# A claim in the file of section 1 quotes section 2 alone.
DELETE DATA { GRAPH source:concordia-2024 { passage:70-76 aisi:section "1" } } ;
INSERT DATA { GRAPH source:concordia-2024 { passage:70-76 aisi:section "2" } }
