# A note says that a publication has no date.
DELETE DATA { GRAPH source:concordia-2024 { footnote:2 aisi:accessed "2024-11-25"^^xsd:date } } ;
INSERT DATA { GRAPH source:concordia-2024 { publication:forest-page skos:editorialNote "The source gives no date."@en , "来源未给出日期。"@zh } }
