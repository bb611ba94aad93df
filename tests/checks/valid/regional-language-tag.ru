# Another name is in French.
INSERT DATA { GRAPH graph:entities { entity:rosalind skos:altLabel "Rosalinde"@fr } }
