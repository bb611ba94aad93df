"""Describe the SPARQL service in its own vocabulary, from what it does.

Beside the service itself the description has the partitions by class and property that the dataset's own
description (``/.well-known/void``) has, at the default graph: editors of queries that only read this one
propose classes and properties from them.
"""

import json
from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from starlette.requests import Request

from aisi_kg.graph.prefixes import BASE, META_GRAPH
from aisi_kg.store.describe import DATASET
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.results import GRAPH_FORMATS, RESULT_FORMATS, Choice, Format, write_triples
from aisi_kg.web.evaluator import Evaluator, collect
from aisi_kg.web.headers import DESCRIPTION
from aisi_kg.web.site import base_url, site_of

__all__ = ["describe_service"]

_RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_SEE_ALSO = NamedNode("http://www.w3.org/2000/01/rdf-schema#seeAlso")
_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_DCAT = "http://www.w3.org/ns/dcat#"
_ENTAILMENT = "http://www.w3.org/ns/entailment/"
_SCHEMA = "https://schema.org/"
_INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
_PREFIXES = {
    "dcat": _DCAT,
    "entailment": _ENTAILMENT,
    "formats": "http://www.w3.org/ns/formats/",
    "meta": META_GRAPH + "#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": _SCHEMA,
    "sd": _SD,
    "void": _VOID,
}

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
_PARTITIONS = f"""
PREFIX void: <{_VOID}>
CONSTRUCT {{ ?subject ?property ?value }}
WHERE {{
  GRAPH <{META_GRAPH}> {{
    {{
      VALUES ?subject {{ {DATASET} }}
      VALUES ?property {{ void:classes void:properties void:classPartition void:propertyPartition }}
    }}
    UNION
    {{ {DATASET} (void:classPartition|void:propertyPartition)/void:propertyPartition? ?subject }}
    ?subject ?property ?value
  }}
}}
"""


async def describe_service(
    request: Request, format_: Format, limits: Mapping[str, int] | None = None
) -> bytes:
    """Write the description of the service.

    :param request: the request for it; it tells the server's address.
    :param format_: one of the formats for triples.
    :param limits: the most of something that the service spends on a query or takes, by names such as
        ``query_seconds``, whose last word is the unit.
    :returns: the description.
    """
    site = site_of(request)
    server = base_url(request)
    endpoint = server + "/sparql"
    service, dataset, default = (
        NamedNode(f"{endpoint}#{name}") for name in ("service", "dataset", "default-graph")
    )
    triples = [
        _typed(service, "Service"),
        Triple(service, _RDF_TYPE, NamedNode(_DCAT + "DataService")),
        Triple(service, _sd("endpoint"), NamedNode(endpoint)),
        Triple(service, NamedNode(_DCAT + "endpointURL"), NamedNode(endpoint)),
        Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query")),
        # The default graph is the merge of all named graphs.
        Triple(service, _sd("feature"), _sd("UnionDefaultGraph")),
        *([Triple(service, _sd("feature"), _sd("BasicFederatedQuery"))] if site.settings.services else []),
        # What was inferred stands in a graph as what was asserted does; a query itself infers nothing.
        Triple(service, _sd("defaultEntailmentRegime"), NamedNode(_ENTAILMENT + "Simple")),
        *(Triple(service, _sd("resultFormat"), NamedNode(f.iri)) for f in (*RESULT_FORMATS, *GRAPH_FORMATS)),
        *_limits(service, endpoint, limits or {}),
        Triple(service, _sd("defaultDataset"), dataset),
        Triple(service, NamedNode(_DCAT + "servesDataset"), DATASET),
        Triple(service, _SEE_ALSO, NamedNode(server + DESCRIPTION)),
        _typed(dataset, "Dataset"),
        Triple(dataset, _sd("defaultGraph"), default),
    ]
    graphs: list[Triple] = []
    found = json.loads(await collect(site.evaluator, QueryRequest(_SIZES), Choice("json")))
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
    partitions = await _partitions(site.evaluator, default)
    return write_triples([*triples, *graphs, *partitions], format_, {**site.prefixes, **_PREFIXES})


async def _partitions(evaluator: Evaluator, default: NamedNode) -> list[Triple]:
    """Take the partitions of the dataset's description, as those of the default graph."""
    data = await collect(evaluator, QueryRequest(_PARTITIONS), Choice(None, "ntriples"))
    found = [quad.triple for quad in parse(data, RdfFormat.N_TRIPLES)]
    moved = [Triple(default if t.subject == DATASET else t.subject, t.predicate, t.object) for t in found]
    # Those of the graph come first, and what belongs together stands together.
    return sorted(
        moved, key=lambda t: (t.subject != default, str(t.subject), str(t.predicate), str(t.object))
    )


def _limits(service: NamedNode, endpoint: str, limits: Mapping[str, int]) -> Iterator[Triple]:
    """State limits as values of properties, for which the vocabulary of services has no terms."""
    for name, most in limits.items():
        words = name.split("_")
        limit = NamedNode(f"{endpoint}#limit-{'-'.join(words)}")
        yield Triple(service, _schema("additionalProperty"), limit)
        yield Triple(limit, _RDF_TYPE, _schema("PropertyValue"))
        yield Triple(limit, _schema("propertyID"), Literal(name))
        yield Triple(limit, _schema("maxValue"), Literal(str(most), datatype=_INTEGER))
        yield Triple(limit, _schema("unitText"), Literal(words[-1]))


def _sd(name: str) -> NamedNode:
    return NamedNode(_SD + name)


def _schema(name: str) -> NamedNode:
    return NamedNode(_SCHEMA + name)


def _typed(subject: NamedNode, name: str) -> Triple:
    return Triple(subject, _RDF_TYPE, _sd(name))
