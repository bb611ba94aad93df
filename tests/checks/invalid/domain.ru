# A person has a director.
INSERT DATA { GRAPH claim:1-institute { entity:rosalind aisi:hostedBy entity:portia-labs } }
