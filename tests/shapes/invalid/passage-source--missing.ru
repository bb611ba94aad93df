# A passage is part of no source.
DELETE DATA { GRAPH source:concordia-2024 { passage:70-76 dcterms:isPartOf source:concordia-2024 } }
