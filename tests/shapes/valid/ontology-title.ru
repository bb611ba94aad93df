# The title of the ontology is another.
DELETE DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { <https://w3id.org/aisi-kg/ontology> dcterms:title "Trees"@en } } ;
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { <https://w3id.org/aisi-kg/ontology> dcterms:title "Trees and bushes."@en } }
