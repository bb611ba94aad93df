# A date of issue has no bounds.
DELETE DATA { GRAPH source:concordia-2024 { publication:forest-2023-memorandum aisi:earliestDate "2023-05-01"^^xsd:date ; aisi:latestDate "2023-05-31"^^xsd:date } }
