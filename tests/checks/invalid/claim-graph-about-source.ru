# The graph of a claim tells of a footnote.
INSERT DATA { GRAPH claim:1-mandate { footnote:1 skos:editorialNote "A note."@en , "注。"@zh } }
