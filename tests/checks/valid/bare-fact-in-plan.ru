# The place stands on the plan, and a count on what is planned.
INSERT DATA { GRAPH claim:1-meeting-plan { entity:meeting a aisi:Meeting . entity:meeting-plan aisi:location entity:forest . entity:meetings a aisi:Count ; aisi:countOf entity:meeting-plan ; aisi:value 1 ; aisi:comparator aisi:AtLeast } } ;
INSERT DATA { GRAPH graph:entities { entity:forest a aisi:Place ; skos:prefLabel "Forest"@en , "森林"@zh . entity:meetings a aisi:Count ; skos:prefLabel "Number of meetings"@en , "会议数量"@zh } }
