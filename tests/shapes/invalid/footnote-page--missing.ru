# A footnote has no page.
DELETE DATA { GRAPH source:concordia-2024 { footnote:2 aisi:page 2 } }
