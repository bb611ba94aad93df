# A publication has both an author and a publisher.
INSERT DATA { GRAPH source:concordia-2024 { publication:forest-page dcterms:publisher entity:publisher } }
