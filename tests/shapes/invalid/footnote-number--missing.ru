# A footnote has no number.
DELETE DATA { GRAPH source:concordia-2024 { footnote:2 aisi:number 2 } }
