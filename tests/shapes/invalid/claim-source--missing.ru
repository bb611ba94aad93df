# A claim has no source.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-staff prov:hadPrimarySource source:concordia-2024 } }
