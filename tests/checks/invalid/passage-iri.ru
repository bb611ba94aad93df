# A passage has other positions than its name.
DELETE DATA { GRAPH source:concordia-2024 { passage:70-76 oa:end 76 } } ;
INSERT DATA { GRAPH source:concordia-2024 { passage:70-76 oa:end 75 } } ;
DELETE DATA { GRAPH source:concordia-2024 { passage:70-76 aisi:anchor "辛辛辛辛辛辛"@zh } } ;
INSERT DATA { GRAPH source:concordia-2024 { passage:70-76 aisi:anchor "辛辛辛辛辛"@zh } }
