# A dated event has no latest day.
DELETE DATA { GRAPH claim:1-institute { entity:arden-aisi-establishment aisi:latestDate "2023-12-31"^^xsd:date } }
