# A publication has no address.
DELETE DATA { GRAPH source:concordia-2024 { publication:forest-2023-memorandum schema:url <https://example.org/memorandum> } }
