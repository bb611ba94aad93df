# One more footnote cites the same page.
INSERT DATA { GRAPH source:concordia-2024 { footnote:4 a aisi:Footnote ; aisi:number 4 ; aisi:page 1 ; dcterms:isPartOf source:concordia-2024 ; cito:cites publication:forest-page } }
