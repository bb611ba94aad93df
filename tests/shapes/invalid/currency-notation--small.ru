# The code of a currency is in small letters.
DELETE DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:GBP skos:notation "GBP" } } ;
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:GBP skos:notation "gbp" } }
