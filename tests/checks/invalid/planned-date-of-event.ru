# An event has a planned date.
INSERT DATA { GRAPH claim:1-evaluation { entity:meeting aisi:plannedDate "2025"^^xsd:gYear ; aisi:earliestDate "2025-01-01"^^xsd:date ; aisi:latestDate "2025-12-31"^^xsd:date } }
