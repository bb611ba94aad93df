# A period ends with February of a leap year.
INSERT DATA { GRAPH claim:1-evaluation { entity:meeting aisi:startDate "2024-02-28"^^xsd:date ; aisi:endDate "2024-03"^^xsd:gYearMonth ; aisi:earliestDate "2024-02-28"^^xsd:date ; aisi:latestDate "2024-03-31"^^xsd:date } } ;
DELETE DATA { GRAPH claim:1-announcement { entity:announcement aisi:date "2023-05"^^xsd:gYearMonth ; aisi:earliestDate "2023-05-01"^^xsd:date ; aisi:latestDate "2023-05-31"^^xsd:date } } ;
INSERT DATA { GRAPH claim:1-announcement { entity:announcement aisi:date "2024-02"^^xsd:gYearMonth ; aisi:earliestDate "2024-02-01"^^xsd:date ; aisi:latestDate "2024-02-29"^^xsd:date } }
