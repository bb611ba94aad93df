# The ontology has no description in Chinese.
DELETE DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { <https://w3id.org/aisi-kg/ontology> dcterms:description "树木术语。"@zh } }
