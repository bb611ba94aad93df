# A class has no definition in English.
DELETE DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree skos:definition "A tall plant."@en } }
