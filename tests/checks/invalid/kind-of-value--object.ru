# The host of an institute is a text.
INSERT DATA { GRAPH claim:1-institute { entity:arden-aisi aisi:hostedBy "Illyria" } }
