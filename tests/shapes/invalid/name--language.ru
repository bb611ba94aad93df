# An entity has a name in French in the place of the Chinese one.
DELETE DATA { GRAPH graph:entities { entity:rosalind skos:prefLabel "罗瑟琳"@zh } } ;
INSERT DATA { GRAPH graph:entities { entity:rosalind skos:prefLabel "Rosalinde"@fr } }
