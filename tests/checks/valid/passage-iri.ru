# A passage has the name of its positions.
INSERT DATA { GRAPH source:concordia-2024 { passage:70-71 a aisi:Passage ; aisi:section "1" ; aisi:page 1 ; dcterms:isPartOf source:concordia-2024 ; oa:start 70 ; oa:end 71 ; aisi:anchor "辛"@zh . claim:1-staff prov:wasQuotedFrom passage:70-71 } }
