# A note is in French in the place of English.
INSERT DATA { GRAPH graph:entities { entity:rosalind skos:editorialNote "En travesti."@fr , "乔装。"@zh } }
