# A fact stands in a claim, and a link in the graph of links.
INSERT DATA { GRAPH claim:1-institute { entity:arden-aisi aisi:hostedBy entity:portia-labs } } ;
INSERT DATA { GRAPH graph:wikidata { entity:arden-aisi owl:sameAs wikidata:Q1 } }
