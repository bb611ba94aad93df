# A footnote is part of no source.
DELETE DATA { GRAPH source:concordia-2024 { footnote:2 dcterms:isPartOf source:concordia-2024 } }
