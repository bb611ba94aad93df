# Two cells are empty.
INSERT DATA { GRAPH claim:1-gap-too { entity:belmont-people-gap a aisi:ReportingGap ; aisi:gapOf entity:belmont-aisi ; aisi:gapIn aisi:PeopleAspect } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-gap-too a aisi:Claim ; aisi:statement "One more."@en , "又一条。"@zh ; aisi:modality aisi:NotStated ; aisi:evidence aisi:ReportOnly ; prov:hadPrimarySource source:concordia-2024 ; prov:wasQuotedFrom passage:70-76 ; aisi:tableRow entity:belmont-aisi ; aisi:tableColumn aisi:PeopleAspect } } ;
INSERT DATA { GRAPH graph:entities { entity:belmont-people-gap a aisi:ReportingGap ; skos:prefLabel "People of the Belmont AISI not reported"@en , "未载贝尔蒙研究所人员"@zh } }
