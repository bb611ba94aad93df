# An entity has names and a note.
INSERT DATA { GRAPH graph:entities { entity:arden skos:altLabel "Ardennes"@en ; schema:alternateName "AR"@en ; skos:editorialNote "A forest."@en , "一片森林。"@zh } }
