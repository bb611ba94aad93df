# A short name is in the English of one country.
INSERT DATA { GRAPH graph:entities { entity:rosalind schema:alternateName "Ros"@en-GB } }
