# A passage is one character long.
INSERT DATA { GRAPH source:concordia-2024 { passage:0-1 a aisi:Passage ; dcterms:isPartOf source:concordia-2024 ; aisi:section "1" ; aisi:page 1 ; oa:start 0 ; oa:end 1 ; aisi:anchor "甲"@zh } }
