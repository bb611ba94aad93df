# A passage has two anchors.
INSERT DATA { GRAPH source:concordia-2024 { passage:70-76 aisi:anchor "辛辛"@zh } }
