# A note is in both languages.
INSERT DATA { GRAPH graph:entities { entity:rosalind skos:editorialNote "In disguise."@en , "乔装。"@zh } }
