# A class of another vocabulary begins with a small letter, and a class expression has no name.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { <https://example.org/other#bush> a owl:Class . [] a owl:Class } }
