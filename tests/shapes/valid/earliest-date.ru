# Two claims give one event different bounds.
INSERT DATA { GRAPH claim:1-launch { entity:arden-aisi-establishment aisi:earliestDate "2022-12-24"^^xsd:date } }
