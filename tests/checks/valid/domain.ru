# A subclass of the domain has the property.
INSERT DATA { GRAPH claim:1-institute { entity:portia-labs aisi:hostedBy entity:arden-ministry } }
