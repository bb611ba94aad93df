# A fact stands in a claim.
INSERT DATA { GRAPH claim:1-institute { entity:arden-aisi aisi:hostedBy entity:portia-labs } }
