# A claim has two sources.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-staff prov:hadPrimarySource source:other . source:other a aisi:SourceDocument ; dcterms:title "Other"@en , "其他"@zh ; dcterms:publisher entity:publisher ; aisi:sha256 "1111111111111111111111111111111111111111111111111111111111111111" } }
