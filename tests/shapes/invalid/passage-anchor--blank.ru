# An anchor has a blank.
DELETE DATA { GRAPH source:concordia-2024 { passage:70-76 aisi:anchor "辛辛辛辛辛辛"@zh } } ;
INSERT DATA { GRAPH source:concordia-2024 { passage:70-76 aisi:anchor "辛辛 辛辛辛"@zh } }
