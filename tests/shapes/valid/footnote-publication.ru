# A footnote cites two publications.
INSERT DATA { GRAPH source:concordia-2024 { footnote:1 cito:cites publication:forest-page } }
