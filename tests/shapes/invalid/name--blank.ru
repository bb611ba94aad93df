# A name ends in a blank.
DELETE DATA { GRAPH graph:entities { entity:rosalind skos:prefLabel "罗瑟琳"@zh } } ;
INSERT DATA { GRAPH graph:entities { entity:rosalind skos:prefLabel "罗瑟琳 "@zh } }
