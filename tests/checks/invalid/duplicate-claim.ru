# Two claims say the same of overlapping passages.
INSERT DATA { GRAPH source:concordia-2024 { passage:71-77 a aisi:Passage ; aisi:section "1" ; aisi:page 1 ; oa:start 71 ; oa:end 77 ; aisi:anchor "辛辛辛辛辛丑"@zh ; dcterms:isPartOf source:concordia-2024 } } ;
INSERT DATA { GRAPH claim:1-staff-too { entity:arden-aisi-staff a aisi:StaffCount ; aisi:countOf entity:arden-aisi ; aisi:countedKind aisi:TechnicalStaff ; aisi:value 20 ; aisi:comparator aisi:AtLeast } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-staff-too a aisi:Claim ; aisi:statement "One more."@en , "又一条。"@zh ; aisi:modality aisi:Fact ; aisi:evidence aisi:ReportOnly ; prov:hadPrimarySource source:concordia-2024 ; prov:wasQuotedFrom passage:71-77  } }
