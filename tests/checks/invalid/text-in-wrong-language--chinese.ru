# A name in Chinese is another English one.
DELETE DATA { GRAPH graph:entities { entity:rosalind skos:prefLabel "罗瑟琳"@zh } } ;
INSERT DATA { GRAPH graph:entities { entity:rosalind skos:prefLabel "Ganymede"@zh } }
