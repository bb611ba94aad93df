# A cooperation is a dialogue.
INSERT DATA { GRAPH graph:entities { entity:talks a aisi:Cooperation ; skos:prefLabel "Talks"@en , "会谈"@zh } } ;
INSERT DATA { GRAPH claim:1-memorandum { entity:talks aisi:hasParty entity:arden , entity:illyria ; aisi:cooperationKind aisi:TechnicalDialogue } }
