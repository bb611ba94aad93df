# A claim quotes a passage of another source.
INSERT DATA { GRAPH source:other { source:other a aisi:SourceDocument ; dcterms:title "Other"@en , "其他"@zh ; dcterms:publisher entity:publisher . <https://w3id.org/aisi-kg/source/other/passage/0-1> a aisi:Passage ; aisi:section "1" ; aisi:page 1 ; oa:start 0 ; oa:end 1 ; aisi:anchor "甲"@zh ; dcterms:isPartOf source:other } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-staff prov:wasQuotedFrom <https://w3id.org/aisi-kg/source/other/passage/0-1> } }
