# The first day of a year is not its first day.
DELETE DATA { GRAPH claim:1-institute { entity:arden-aisi-establishment aisi:earliestDate "2023-01-01"^^xsd:date } } ;
INSERT DATA { GRAPH claim:1-institute { entity:arden-aisi-establishment aisi:earliestDate "2023-06-01"^^xsd:date } }
