# A period has the bounds of its first day.
INSERT DATA { GRAPH claim:1-evaluation { entity:meeting aisi:startDate "2024-02-28"^^xsd:date ; aisi:endDate "2024-02"^^xsd:gYearMonth ; aisi:earliestDate "2024-02-28"^^xsd:date ; aisi:latestDate "2024-02-28"^^xsd:date } }
