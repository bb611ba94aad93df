# A class has two definitions in English.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree skos:definition "A plant of wood."@en } }
