# An entity has two names in English.
INSERT DATA { GRAPH graph:entities { entity:rosalind skos:prefLabel "Ganymede"@en } }
