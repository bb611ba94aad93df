# A claim gives a date without bounds.
INSERT DATA { GRAPH claim:1-evaluation { entity:meeting aisi:date "2024"^^xsd:gYear } }
