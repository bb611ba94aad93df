# A definition is in other words.
DELETE DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree skos:definition "A tall plant."@en } } ;
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree skos:definition "A plant that grows tall."@en } }
