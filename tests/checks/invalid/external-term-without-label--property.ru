# A property of another vocabulary is declared without a label in Chinese.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { foaf:knows a owl:ObjectProperty ; rdfs:label "knows"@en } } ;
INSERT DATA { GRAPH claim:1-director { entity:rosalind foaf:knows entity:publisher } }
