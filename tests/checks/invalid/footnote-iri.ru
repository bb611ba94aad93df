# A footnote has another number than its name.
DELETE DATA { GRAPH source:concordia-2024 { footnote:2 aisi:number 2 } } ;
INSERT DATA { GRAPH source:concordia-2024 { footnote:2 aisi:number 4 } }
