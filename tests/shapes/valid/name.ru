# A name is one letter.
DELETE DATA { GRAPH graph:entities { entity:rosalind skos:prefLabel "Rosalind"@en } } ;
INSERT DATA { GRAPH graph:entities { entity:rosalind skos:prefLabel "R"@en } }
