# Of two claims of one passage one says more.
INSERT DATA { GRAPH claim:1-staff-too { entity:arden-aisi-staff a aisi:StaffCount ; aisi:countOf entity:arden-aisi ; aisi:countedKind aisi:TechnicalStaff ; aisi:value 20 ; aisi:comparator aisi:AtLeast ; aisi:countOf entity:arden-ministry } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-staff-too a aisi:Claim ; aisi:statement "One more."@en , "又一条。"@zh ; aisi:modality aisi:Fact ; aisi:evidence aisi:ReportOnly ; prov:hadPrimarySource source:concordia-2024 ; prov:wasQuotedFrom passage:70-76  } }
