# A term of another vocabulary has labels in both languages.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { foaf:Person a owl:Class ; rdfs:label "person"@en , "人物"@zh } }
