# No footnote cites a publication.
INSERT DATA { GRAPH source:concordia-2024 { publication:lost a fabio:Work ; dcterms:title "Lost"@en ; dcterms:publisher entity:publisher } }
