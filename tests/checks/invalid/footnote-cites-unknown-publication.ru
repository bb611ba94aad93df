# A footnote cites a publication that nothing describes.
INSERT DATA { GRAPH source:concordia-2024 { footnote:2 cito:cites publication:nowhere } }
