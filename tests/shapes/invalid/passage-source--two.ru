# A passage is part of two things.
INSERT DATA { GRAPH source:concordia-2024 { passage:70-76 dcterms:isPartOf publication:forest-page } }
