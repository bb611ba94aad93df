# The source of a claim is a publication.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-staff prov:hadPrimarySource source:concordia-2024 } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-staff prov:hadPrimarySource publication:forest-page } }
