# A claim in the file of section 1 quotes section 2 too.
INSERT DATA { GRAPH source:concordia-2024 { passage:970-976 a aisi:Passage ; aisi:section "2" ; aisi:page 3 ; oa:start 970 ; oa:end 976 ; aisi:anchor "辛辛辛辛辛丑"@zh ; dcterms:isPartOf source:concordia-2024 . claim:1-staff prov:wasQuotedFrom passage:970-976 } }
