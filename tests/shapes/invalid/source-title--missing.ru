# A source has no title in Chinese.
DELETE DATA { GRAPH source:concordia-2024 { source:concordia-2024 dcterms:title "一份虚构的报告"@zh } }
