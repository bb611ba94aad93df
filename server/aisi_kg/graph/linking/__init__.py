"""Find what the entities are elsewhere: candidates for links to Wikidata, and whether the links still hold.

====================  ===============================================================================
module                what it does
====================  ===============================================================================
``services``          which servers are asked, and within which limits
``remote``            asks one of them over HTTP
``reconciliation``    finds candidates with a service that speaks the Reconciliation Service API
``items``             what an item of Wikidata says, whoever tells it
``sparql``            reads items from a SPARQL endpoint
``entity_data``       reads items from the documents of ``Special:EntityData``
``kinds``             which classes and properties of Wikidata answer to ours, and how that is known
``subjects``          the entities that can be linked, and what the graph knows of them
``scoring``           how well an item fits an entity, part by part
``checking``          what no longer holds of the mappings
``decisions``         writes a decision into the text of the mappings
====================  ===============================================================================
"""

__all__: list[str] = []
