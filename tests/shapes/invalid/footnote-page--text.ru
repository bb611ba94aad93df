# The page of a footnote is a text.
DELETE DATA { GRAPH source:concordia-2024 { footnote:2 aisi:page 2 } } ;
INSERT DATA { GRAPH source:concordia-2024 { footnote:2 aisi:page "2" } }
