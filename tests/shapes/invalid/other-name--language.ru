# Another name has no language.
INSERT DATA { GRAPH graph:entities { entity:rosalind skos:altLabel "Ganymede" } }
