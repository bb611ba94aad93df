# A name in English is in Chinese.
DELETE DATA { GRAPH graph:entities { entity:rosalind skos:prefLabel "Rosalind"@en } } ;
INSERT DATA { GRAPH graph:entities { entity:rosalind skos:prefLabel "罗瑟琳女士"@en } }
