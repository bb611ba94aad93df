# There are two notes in English.
INSERT DATA { GRAPH graph:entities { entity:rosalind skos:editorialNote "In disguise."@en , "Banished."@en , "乔装。"@zh } }
