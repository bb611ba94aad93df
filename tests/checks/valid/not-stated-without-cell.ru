# A claim that something is stated names no cell.
INSERT DATA { GRAPH claim:1-host { entity:arden-aisi aisi:hostedBy entity:portia-labs } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-host a aisi:Claim ; aisi:statement "One more."@en , "又一条。"@zh ; aisi:modality aisi:Fact ; aisi:evidence aisi:ReportOnly ; prov:hadPrimarySource source:concordia-2024 ; prov:wasQuotedFrom passage:70-76  } }
