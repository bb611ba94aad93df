# A fact stands beside the footnotes.
INSERT DATA { GRAPH source:concordia-2024 { entity:arden-aisi aisi:hostedBy entity:portia-labs } }
