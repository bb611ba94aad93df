# Two claims give a sum in two currencies.
INSERT DATA { GRAPH claim:1-funding-too { entity:arden-aisi-funding a aisi:FundingCommitment ; aisi:amount 1500000.0 ; aisi:currency aisi:EUR ; aisi:comparator aisi:Exactly } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-funding-too a aisi:Claim ; aisi:statement "One more."@en , "又一条。"@zh ; aisi:modality aisi:Fact ; aisi:evidence aisi:ReportOnly ; prov:hadPrimarySource source:concordia-2024 ; prov:wasQuotedFrom passage:70-76  } }
