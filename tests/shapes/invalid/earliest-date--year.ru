# The earliest day is a year.
DELETE DATA { GRAPH claim:1-institute { entity:arden-aisi-establishment aisi:earliestDate "2023-01-01"^^xsd:date } } ;
INSERT DATA { GRAPH claim:1-institute { entity:arden-aisi-establishment aisi:earliestDate "2023"^^xsd:gYear } }
