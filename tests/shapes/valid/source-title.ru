# The title of a source is another.
DELETE DATA { GRAPH source:concordia-2024 { source:concordia-2024 dcterms:title "一份虚构的报告"@zh } } ;
INSERT DATA { GRAPH source:concordia-2024 { source:concordia-2024 dcterms:title "虚构的报告"@zh } }
