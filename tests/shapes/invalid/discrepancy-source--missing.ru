# A discrepancy is in no source.
DELETE DATA { GRAPH source:concordia-2024 { discrepancy:signing-date dcterms:isPartOf source:concordia-2024 } }
