# A fact has no source.
INSERT DATA { GRAPH graph:entities { entity:arden-aisi aisi:hostedBy entity:portia-labs } }
