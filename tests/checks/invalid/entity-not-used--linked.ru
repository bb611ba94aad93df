# Nothing but its link to Wikidata uses an entity.
INSERT DATA { GRAPH graph:entities { entity:nerissa-labs a aisi:Company ; skos:prefLabel "Nerissa Labs"@en , "Nerissa Labs"@zh } } ;
INSERT DATA { GRAPH graph:wikidata { entity:nerissa-labs owl:sameAs wikidata:Q1 . mapping:nerissa-labs owl:annotatedSource entity:nerissa-labs } }
