# A definition is in French.
DELETE DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree skos:definition "A tall plant."@en } } ;
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree skos:definition "Une plante haute."@fr } }
