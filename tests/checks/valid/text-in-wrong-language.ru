# A Latin name is the same in both languages, and a note in English quotes Chinese.
DELETE DATA { GRAPH graph:entities { entity:rosalind skos:prefLabel "罗瑟琳"@zh } } ;
INSERT DATA { GRAPH graph:entities { entity:rosalind skos:prefLabel "Rosalind"@zh } } ;
INSERT DATA { GRAPH graph:entities { entity:rosalind skos:editorialNote "The source writes 罗瑟琳."@en , "来源写作罗瑟琳。"@zh } }
