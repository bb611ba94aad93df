# A footnote has two pages.
INSERT DATA { GRAPH source:concordia-2024 { footnote:2 aisi:page 4 } }
