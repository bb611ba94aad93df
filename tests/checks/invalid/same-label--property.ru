# Two properties have one Chinese label.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:statesToo a owl:DatatypeProperty ; rdfs:isDefinedBy <https://w3id.org/aisi-kg/ontology> ; rdfs:label "states too"@en , "陈述"@zh ; skos:definition "States."@en , "陈述之。"@zh } }
