# The ontology has no licence.
DELETE DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { <https://w3id.org/aisi-kg/ontology> dcterms:license <https://creativecommons.org/licenses/by/4.0/> } }
