# A claim quotes no passage.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-staff prov:wasQuotedFrom passage:70-76 } }
