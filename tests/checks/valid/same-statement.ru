# A claim has the statement of the claim that it restates.
INSERT DATA { GRAPH claim:1-host { entity:arden-aisi aisi:hostedBy entity:portia-labs } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-host a aisi:Claim ; aisi:statement "Rosalind directs the Arden AISI."@en , "又一条。"@zh ; aisi:modality aisi:Fact ; aisi:evidence aisi:ReportOnly ; prov:hadPrimarySource source:concordia-2024 ; prov:wasQuotedFrom passage:70-76 ; aisi:restates claim:1-director } }
