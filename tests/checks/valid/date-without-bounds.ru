# A claim gives a date with its bounds.
INSERT DATA { GRAPH claim:1-evaluation { entity:meeting aisi:date "2024"^^xsd:gYear ; aisi:earliestDate "2024-01-01"^^xsd:date ; aisi:latestDate "2024-12-31"^^xsd:date } }
