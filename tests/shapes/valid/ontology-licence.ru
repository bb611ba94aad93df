# The licence of the ontology is another.
DELETE DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { <https://w3id.org/aisi-kg/ontology> dcterms:license <https://creativecommons.org/licenses/by/4.0/> } } ;
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { <https://w3id.org/aisi-kg/ontology> dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> } }
