# A claim gives bounds without a date.
INSERT DATA { GRAPH claim:1-evaluation { entity:meeting aisi:earliestDate "2024-01-01"^^xsd:date ; aisi:latestDate "2024-12-31"^^xsd:date } }
