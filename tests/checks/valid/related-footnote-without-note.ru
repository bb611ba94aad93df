# A note says why a footnote bears on a claim.
DELETE DATA { GRAPH source:concordia-2024 { claim:1-mandate aisi:evidence aisi:FootnoteOnSentence } } ;
INSERT DATA { GRAPH source:concordia-2024 { claim:1-mandate aisi:evidence aisi:RelatedFootnote ; skos:editorialNote "It tells of the task."@en , "其中述及该职责。"@zh } }
