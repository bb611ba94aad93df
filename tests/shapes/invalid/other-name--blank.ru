# A short name begins with a blank.
INSERT DATA { GRAPH graph:entities { entity:rosalind schema:alternateName " Ros"@en } }
