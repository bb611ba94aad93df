# The number of a footnote is 0.
DELETE DATA { GRAPH source:concordia-2024 { footnote:2 aisi:number 2 } } ;
INSERT DATA { GRAPH source:concordia-2024 { footnote:2 aisi:number 0 } }
