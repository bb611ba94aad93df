# A claim restates what is no claim.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-staff aisi:restates entity:memorandum } }
