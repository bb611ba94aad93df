# An entity has no name in Chinese.
DELETE DATA { GRAPH graph:entities { entity:rosalind skos:prefLabel "罗瑟琳"@zh } }
