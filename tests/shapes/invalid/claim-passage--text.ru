# A claim quotes a text in the place of a passage.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-staff prov:wasQuotedFrom "70-76" } }
