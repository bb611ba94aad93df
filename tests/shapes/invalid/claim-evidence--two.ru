# A claim has two kinds of evidence.
INSERT DATA { GRAPH source:concordia-2024 { claim:1-mandate aisi:evidence aisi:RelatedFootnote ; skos:editorialNote "Why."@en , "理由。"@zh } }
