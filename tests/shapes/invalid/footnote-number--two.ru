# A footnote has two numbers.
INSERT DATA { GRAPH source:concordia-2024 { footnote:2 aisi:number 4 } }
