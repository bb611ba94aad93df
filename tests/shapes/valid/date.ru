# A date is a month.
DELETE DATA { GRAPH claim:1-signing { entity:memorandum-signing aisi:date "2023-05-04"^^xsd:date } } ;
INSERT DATA { GRAPH claim:1-signing { entity:memorandum-signing aisi:date "2023-05"^^xsd:gYearMonth } }
