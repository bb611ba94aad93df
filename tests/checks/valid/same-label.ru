# A class and a property have one label.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:statesToo a owl:ObjectProperty ; rdfs:isDefinedBy <https://w3id.org/aisi-kg/ontology> ; rdfs:label "claim"@en , "论断"@zh ; skos:definition "States."@en , "陈述之。"@zh } }
