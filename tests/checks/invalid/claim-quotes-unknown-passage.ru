# A claim quotes a passage that nothing describes.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-staff prov:wasQuotedFrom passage:900-906 } }
