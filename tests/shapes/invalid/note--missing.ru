# A note is in English alone.
INSERT DATA { GRAPH graph:entities { entity:rosalind skos:editorialNote "In disguise."@en } }
