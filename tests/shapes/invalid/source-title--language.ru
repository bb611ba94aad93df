# A source has a title in French.
DELETE DATA { GRAPH source:concordia-2024 { source:concordia-2024 dcterms:title "一份虚构的报告"@zh } } ;
INSERT DATA { GRAPH source:concordia-2024 { source:concordia-2024 dcterms:title "Un rapport"@fr } }
