# The licence of the ontology is a text.
DELETE DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { <https://w3id.org/aisi-kg/ontology> dcterms:license <https://creativecommons.org/licenses/by/4.0/> } } ;
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { <https://w3id.org/aisi-kg/ontology> dcterms:license "CC BY 4.0" } }
