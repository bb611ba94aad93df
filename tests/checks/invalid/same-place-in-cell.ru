# Two claims of one cell quote the same passage.
INSERT DATA { GRAPH claim:1-host { entity:arden-aisi aisi:hostedBy entity:portia-labs } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-host a aisi:Claim ; aisi:statement "Portia Labs hosts the Arden AISI."@en , "波西亚实验室承办阿登研究所。"@zh ; aisi:modality aisi:Fact ; aisi:evidence aisi:ReportOnly ; aisi:tableRow entity:arden-aisi ; aisi:tableColumn aisi:PeopleAspect ; prov:hadPrimarySource source:concordia-2024 ; prov:wasQuotedFrom passage:60-66 } }
