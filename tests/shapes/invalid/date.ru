# A date is a point in time.
DELETE DATA { GRAPH claim:1-signing { entity:memorandum-signing aisi:date "2023-05-04"^^xsd:date } } ;
INSERT DATA { GRAPH claim:1-signing { entity:memorandum-signing aisi:date "2023-05-04T12:00:00"^^xsd:dateTime } }
