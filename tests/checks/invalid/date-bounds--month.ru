# The last day of a month is not its last day.
DELETE DATA { GRAPH claim:1-announcement { entity:announcement aisi:latestDate "2023-05-31"^^xsd:date } } ;
INSERT DATA { GRAPH claim:1-announcement { entity:announcement aisi:latestDate "2023-05-30"^^xsd:date } }
