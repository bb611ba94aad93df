# A dated event has no earliest day.
DELETE DATA { GRAPH claim:1-institute { entity:arden-aisi-establishment aisi:earliestDate "2023-01-01"^^xsd:date } }
