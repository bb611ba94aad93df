# A property of another vocabulary has labels in both languages.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { foaf:knows a owl:ObjectProperty ; rdfs:label "knows"@en , "认识"@zh } } ;
INSERT DATA { GRAPH claim:1-director { entity:rosalind foaf:knows entity:publisher } }
