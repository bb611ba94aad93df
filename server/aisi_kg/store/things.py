"""List what has a page of its own, for programs that walk the site."""

from aisi_kg.graph.prefixes import AISI, BASE
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry, text_of_term

__all__ = ["things"]

# Graphs, parts of the dataset's description and passages have documents too, which nobody searches for.
_THINGS = f"""PREFIX aisi: <{AISI}>
SELECT DISTINCT ?thing WHERE {{
  {{ ?thing a aisi:Claim }}
  UNION {{ ?thing a aisi:Footnote }}
  UNION {{ ?footnote <http://purl.org/spar/cito/cites> ?thing }}
  UNION {{ ?claim <http://www.w3.org/ns/prov#hadPrimarySource> ?thing }}
  UNION {{ GRAPH <{BASE}graph/entities> {{ ?thing <http://www.w3.org/2004/02/skos/core#prefLabel> ?label }} }}
  FILTER(STRSTARTS(STR(?thing), "{BASE}"))
}}
ORDER BY ?thing"""


def things() -> Inquiry[list[str]]:
    """List claims, footnotes, publications, sources and entities.

    :returns: their IRIs in order.
    """
    return [text_of_term(solution, "thing") for solution in (yield QueryRequest(_THINGS))]
