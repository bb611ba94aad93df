# An entity has several other names.
INSERT DATA { GRAPH graph:entities { entity:rosalind skos:altLabel "Ganymede"@en , "Aliena’s cousin"@en ; schema:alternateName "Ros"@en } }
