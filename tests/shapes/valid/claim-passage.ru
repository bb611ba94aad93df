# A claim quotes two passages.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-staff prov:wasQuotedFrom passage:0-6 } }
