# A challenge is a judgement and somebody’s.
INSERT DATA { GRAPH graph:entities { entity:challenge a aisi:Challenge ; skos:prefLabel "Challenge"@en , "挑战"@zh } } ;
INSERT DATA { GRAPH claim:1-judgement { entity:challenge aisi:judgedBy entity:rosalind ; aisi:concerns entity:forest-group } }
