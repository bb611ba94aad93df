# Two claims give one event different bounds.
INSERT DATA { GRAPH claim:1-launch { entity:arden-aisi-establishment aisi:latestDate "2022-12-24"^^xsd:date } }
