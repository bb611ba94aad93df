# A currency has no code of ISO 4217.
DELETE DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:GBP skos:notation "GBP" } }
