# A claim has the name of another source’s claim.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/claim/other/1-x> { entity:arden-aisi aisi:hostedBy entity:portia-labs } } ;
INSERT DATA { GRAPH source:concordia-2024 { <https://w3id.org/aisi-kg/claim/other/1-x> a aisi:Claim ; aisi:statement "One more."@en , "又一条。"@zh ; aisi:modality aisi:Fact ; aisi:evidence aisi:ReportOnly ; prov:hadPrimarySource source:concordia-2024 ; prov:wasQuotedFrom passage:70-76 } }
