# The latest day is a year.
DELETE DATA { GRAPH claim:1-institute { entity:arden-aisi-establishment aisi:latestDate "2023-12-31"^^xsd:date } } ;
INSERT DATA { GRAPH claim:1-institute { entity:arden-aisi-establishment aisi:latestDate "2023"^^xsd:gYear } }
