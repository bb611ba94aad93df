# A passage is longer than its anchor.
INSERT DATA { GRAPH source:concordia-2024 { passage:70-99 a aisi:Passage ; aisi:section "1" ; aisi:page 1 ; dcterms:isPartOf source:concordia-2024 ; oa:start 70 ; oa:end 99 ; aisi:anchor "辛辛辛辛辛辛辛辛辛辛辛辛辛辛辛辛辛辛辛辛辛辛辛辛"@zh . claim:1-staff prov:wasQuotedFrom passage:70-99 } }
