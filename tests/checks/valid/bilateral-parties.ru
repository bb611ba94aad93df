# A memorandum with three parties is not called bilateral.
INSERT DATA { GRAPH claim:1-memorandum { entity:memorandum aisi:hasParty entity:illyria } } ;
DELETE DATA { GRAPH claim:1-memorandum { entity:memorandum a aisi:BilateralMemorandum } } ;
INSERT DATA { GRAPH claim:1-memorandum { entity:memorandum a aisi:Memorandum } } ;
DELETE DATA { GRAPH graph:entities { entity:memorandum a aisi:BilateralMemorandum } } ;
INSERT DATA { GRAPH graph:entities { entity:memorandum a aisi:Memorandum } }
