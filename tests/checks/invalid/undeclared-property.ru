# A claim uses a property that is not declared.
INSERT DATA { GRAPH claim:1-institute { entity:arden-aisi aisi:hostedByy entity:portia-labs } }
