# The ontology has two licences.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { <https://w3id.org/aisi-kg/ontology> dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> } }
