# The local id of a claim has an underscore.
INSERT DATA { GRAPH source:concordia-2024 { claim:bad_id a aisi:Claim ; aisi:statement "One more."@en , "又一条。"@zh ; aisi:modality aisi:Fact ; aisi:evidence aisi:ReportOnly ; prov:hadPrimarySource source:concordia-2024 ; prov:wasQuotedFrom passage:0-6 } }
