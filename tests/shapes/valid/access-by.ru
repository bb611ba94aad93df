# Another company gives access.
DELETE DATA { GRAPH claim:1-access { entity:portia-access aisi:grantedBy entity:portia-labs } } ;
INSERT DATA { GRAPH claim:1-access { entity:portia-access aisi:grantedBy entity:nerissa-labs } } ;
INSERT DATA { GRAPH graph:entities { entity:nerissa-labs a aisi:Company ; skos:prefLabel "Nerissa Labs"@en , "Nerissa Labs"@zh } }
