# A footnote is part of two things.
INSERT DATA { GRAPH source:concordia-2024 { footnote:2 dcterms:isPartOf publication:forest-page } }
