# An address is not encrypted.
DELETE DATA { GRAPH source:concordia-2024 { publication:forest-2023-memorandum schema:url <https://example.org/memorandum> } } ;
INSERT DATA { GRAPH source:concordia-2024 { publication:forest-2023-memorandum schema:url <http://example.org/memorandum> } }
