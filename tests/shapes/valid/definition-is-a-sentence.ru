# A definition begins with a figure.
DELETE DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree skos:definition "A tall plant."@en } } ;
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree skos:definition "3 metres of plant or more."@en } }
