# A code is in two schemes.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Oak skos:inScheme aisi:CurrencyScheme } }
