# A claim names one more entity that is described.
INSERT DATA { GRAPH graph:entities { entity:nerissa-labs a aisi:Company ; skos:prefLabel "Nerissa Labs"@en , "Nerissa Labs"@zh } } ;
INSERT DATA { GRAPH claim:1-evaluation { entity:portia-evaluation aisi:evaluator entity:nerissa-labs } }
