# Nobody claims what a graph says.
INSERT DATA { GRAPH claim:1-nobody { entity:arden-aisi aisi:hostedBy entity:portia-labs } }
