"""Describe the SPARQL service in its own vocabulary, from what it does."""

import json

from pyoxigraph import Literal, NamedNode, Triple
from starlette.requests import Request

from aisi_kg.graph.prefixes import BASE
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.results import GRAPH_FORMATS, RESULT_FORMATS, Choice, Format, write_triples
from aisi_kg.web.evaluator import collect
from aisi_kg.web.site import base_url, site_of

__all__ = ["describe_service"]

_RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
_PREFIXES = {"sd": _SD, "void": _VOID, "formats": "http://www.w3.org/ns/formats/"}

_CLAIMS = BASE + "claim/"
# Claims have a graph each, too many to list in a description; the dataset's own description says where they
# are.
_SIZES = f"""
SELECT ?graph ?triples {{
  {{ SELECT (COUNT(*) AS ?triples) {{ ?s ?p ?o }} }}
  UNION
  {{
    SELECT ?graph (COUNT(*) AS ?triples) {{
      GRAPH ?graph {{ ?s ?p ?o }}
      FILTER(!STRSTARTS(STR(?graph), "{_CLAIMS}"))
    }}
    GROUP BY ?graph
  }}
}}
ORDER BY ?graph
"""


async def describe_service(request: Request, format_: Format) -> bytes:
    """Write the description of the service.

    :param request: the request for it; it tells the server's address.
    :param format_: one of the formats for triples.
    :returns: the description.
    """
    site = site_of(request)
    endpoint = base_url(request) + "/sparql"
    found = json.loads(await collect(site.evaluator, QueryRequest(_SIZES), Choice("json")))
    service, dataset, default = (
        NamedNode(f"{endpoint}#{name}") for name in ("service", "dataset", "default-graph")
    )
    triples = [
        _typed(service, "Service"),
        Triple(service, _sd("endpoint"), NamedNode(endpoint)),
        Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        # The default graph is the merge of all named graphs.
        Triple(service, _sd("feature"), _sd("UnionDefaultGraph")),
        *(Triple(service, _sd("resultFormat"), NamedNode(f.iri)) for f in (*RESULT_FORMATS, *GRAPH_FORMATS)),
        Triple(service, _sd("defaultDataset"), dataset),
        _typed(dataset, "Dataset"),
        Triple(dataset, _sd("defaultGraph"), default),
    ]
    graphs: list[Triple] = []
    for number, row in enumerate(found["results"]["bindings"]):
        graph = default
        if "graph" in row:
            named, graph = NamedNode(f"{endpoint}#named-graph-{number}"), NamedNode(row["graph"]["value"])
            triples.append(Triple(dataset, _sd("namedGraph"), named))
            graphs += [
                _typed(named, "NamedGraph"),
                Triple(named, _sd("name"), graph),
                Triple(named, _sd("graph"), graph),
            ]
        size = Literal(row["triples"]["value"], datatype=_INTEGER)
        graphs += [_typed(graph, "Graph"), Triple(graph, NamedNode(_VOID + "triples"), size)]
    return write_triples([*triples, *graphs], format_, _PREFIXES)


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)


def _typed(subject: NamedNode, name: str) -> Triple:
    return Triple(subject, _RDF_TYPE, _sd(name))
