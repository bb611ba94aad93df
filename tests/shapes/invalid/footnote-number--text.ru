# The number of a footnote is a text.
DELETE DATA { GRAPH source:concordia-2024 { footnote:2 aisi:number 2 } } ;
INSERT DATA { GRAPH source:concordia-2024 { footnote:2 aisi:number "2" } }
