# A discrepancy is in two things.
INSERT DATA { GRAPH source:concordia-2024 { discrepancy:signing-date dcterms:isPartOf publication:forest-page } }
