# A definition begins with a small letter.
DELETE DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree skos:definition "A tall plant."@en } } ;
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree skos:definition "a tall plant."@en } }
