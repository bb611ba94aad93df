# A source has no publisher.
DELETE DATA { GRAPH source:concordia-2024 { source:concordia-2024 dcterms:publisher entity:publisher } }
