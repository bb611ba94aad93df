# A publication has titles in two languages.
INSERT DATA { GRAPH source:concordia-2024 { publication:forest-2023-memorandum dcterms:title "森林备忘录"@zh } }
