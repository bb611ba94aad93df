# The local id of a claim begins with a table’s number.
INSERT DATA { GRAPH source:concordia-2024 { claim:table-3.1-arden a aisi:Claim ; aisi:statement "One more."@en , "又一条。"@zh ; aisi:modality aisi:Fact ; aisi:evidence aisi:ReportOnly ; prov:hadPrimarySource source:concordia-2024 ; prov:wasQuotedFrom passage:0-6 } }
