# Two publications have one address.
DELETE DATA { GRAPH source:concordia-2024 { publication:forest-page schema:url <https://example.org/forest> } } ;
INSERT DATA { GRAPH source:concordia-2024 { publication:forest-page schema:url <https://example.org/memorandum> } }
