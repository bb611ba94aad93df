# A note says what to use in the place of a deprecated term.
INSERT DATA { GRAPH <https://w3id.org/aisi-kg/ontology> { aisi:Tree owl:deprecated true ; skos:editorialNote "Deprecated in 0.2.0; use aisi:Plant."@en , "0.2.0 起弃用；改用 aisi:Plant。"@zh } }
