# The description of the ontology is another.
DELETE DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { <https://w3id.org/aisi-kg/ontology> dcterms:description "Terms for trees."@en } } ;
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { <https://w3id.org/aisi-kg/ontology> dcterms:description "Trees and bushes."@en } }
