# A claim tells of an entity that nothing describes.
INSERT DATA { GRAPH claim:1-institute { entity:nobody skos:editorialNote "A note."@en , "注。"@zh } }
