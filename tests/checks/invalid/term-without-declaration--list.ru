# A list of the ontology names a term that is not declared.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { [] a owl:AllDisjointClasses ; owl:members ( aisi:Event aisi:Tree ) } }
