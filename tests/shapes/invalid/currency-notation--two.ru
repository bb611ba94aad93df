# A currency has two codes of ISO 4217.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:GBP skos:notation "STG" } }
