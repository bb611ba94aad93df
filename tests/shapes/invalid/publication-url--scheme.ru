# An address is none of the web.
DELETE DATA { GRAPH source:concordia-2024 { publication:forest-2023-memorandum schema:url <https://example.org/memorandum> } } ;
INSERT DATA { GRAPH source:concordia-2024 { publication:forest-2023-memorandum schema:url <ftp://example.org/memorandum> } }
