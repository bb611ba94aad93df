# A note says that a publication has no address.
DELETE DATA { GRAPH source:concordia-2024 { publication:forest-2023-memorandum schema:url <https://example.org/memorandum> } } ;
INSERT DATA { GRAPH source:concordia-2024 { publication:forest-2023-memorandum skos:editorialNote "The source gives no address."@en , "来源未给出网址。"@zh } }
