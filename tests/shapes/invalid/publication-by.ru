# A publication has no author and no publisher.
DELETE DATA { GRAPH source:concordia-2024 { publication:forest-page dcterms:creator entity:rosalind } }
