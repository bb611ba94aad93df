# A class of another vocabulary is declared without a label.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { foaf:Project a owl:Class } } ;
INSERT DATA { GRAPH graph:entities { entity:goal a foaf:Project } }
