# An entity has no name.
INSERT DATA { GRAPH graph:entities { entity:nameless a aisi:Company } } ;
INSERT DATA { GRAPH claim:1-evaluation { entity:portia-evaluation aisi:evaluator entity:nameless } }
