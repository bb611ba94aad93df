# A claim uses a property of RDFS.
INSERT DATA { GRAPH claim:1-institute { entity:arden-aisi rdfs:seeAlso <https://example.org/arden> } }
