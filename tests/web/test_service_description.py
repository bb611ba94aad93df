"""The descriptions of the service and of the dataset: what others read from them, and that it is true."""

import asyncio
import json
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import rdflib
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store
from starlette.requests import Request

from aisi_kg.graph.prefixes import META_GRAPH, Prefixes
from aisi_kg.project import Project
from aisi_kg.store.describe import DATASET, describe
from aisi_kg.store.engine import Engine
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.export import export
from aisi_kg.store.export.jsonld import load_context
from aisi_kg.store.results import GRAPH_FORMATS, Choice, dataset_prefixes, find_format
from aisi_kg.web.app import create_app, create_site
from aisi_kg.web.evaluator import Evaluator, collect
from aisi_kg.web.service_description import describe_service
from aisi_kg.web.site import DatasetInfo, Site

SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = rdflib.Namespace("http://rdfs.org/ns/void#")
SCHEMA = rdflib.Namespace("https://schema.org/")
ENDPOINT = "http://kg.example.org/sparql"
SERVICE = rdflib.URIRef(ENDPOINT + "#service")

#: What sib-swiss/sparql-editor reads, from the endpoint or else from the description of the service.
EDITOR = """
PREFIX void: <http://rdfs.org/ns/void#>
SELECT DISTINCT ?class ?property ?triples {
  ?part void:class ?class ; void:propertyPartition ?inner .
  ?inner void:property ?property ; void:triples ?triples .
}
"""


@pytest.fixture(scope="module")
def site(store: Store, project: Project, inline: Callable[[Engine], Evaluator]) -> Site:
    """Give what handlers need, over the small dataset with a description of its own as a build makes it."""
    meta = NamedNode(META_GRAPH)
    described = Store()
    described.bulk_extend(q for q in store if q.graph_name != meta and q.subject != meta)
    prefixes = dataset_prefixes(described)
    for triple in describe(described, version="1", prefixes=prefixes):
        for graph in (meta, DefaultGraph()):
            described.add(Quad(triple.subject, triple.predicate, triple.object, graph))
    context = load_context(project)

    def write(format_: str, iri: str) -> bytes:
        return b"".join(export(described, format_, iri, prefixes=prefixes, context=context))

    return create_site(inline(Engine(described, prefixes, write)), DatasetInfo("1", Prefixes({})))


@pytest.fixture(scope="module")
def described(site: Site) -> Callable[..., rdflib.Graph]:
    """Give the function that describes the service."""
    app = SimpleNamespace(state=SimpleNamespace(site=site))

    def make(limits: Mapping[str, int] | None = None, name: str = "turtle") -> rdflib.Graph:
        headers = [(b"host", b"kg.example.org")]
        scope: dict[str, Any] = {"type": "http", "app": app, "headers": headers, "path": "/sparql"}
        scope |= {"scheme": "http", "method": "GET", "query_string": b"", "server": ("kg.example.org", 80)}
        format_ = find_format(name, GRAPH_FORMATS)
        assert format_ is not None
        body = asyncio.run(describe_service(Request(scope), format_, limits))
        return rdflib.Graph().parse(data=body, format="turtle" if name == "turtle" else "xml")

    return make


@pytest.fixture(scope="module")
def asked(site: Site) -> Callable[[str], list[tuple[str, ...]]]:
    """Give the function that asks the endpoint."""

    def ask(query: str) -> list[tuple[str, ...]]:
        body = asyncio.run(collect(site.evaluator, QueryRequest(query), Choice("json")))
        found = json.loads(body)
        heads = found["head"]["vars"]
        return [tuple(row[head]["value"] for head in heads) for row in found["results"]["bindings"]]

    return ask


def test_it_uses_terms_that_the_vocabulary_has(described: Callable[..., rdflib.Graph]) -> None:
    terms = {
        str(term).removeprefix(SD)
        for triple in described()
        for term in triple
        if isinstance(term, rdflib.URIRef) and term.startswith(SD)
    }
    # Of those that SPARQL 1.1 Service Description defines.
    assert terms == {
        "Dataset",
        "Graph",
        "NamedGraph",
        "SPARQL11Query",
        "Service",
        "UnionDefaultGraph",
        "defaultDataset",
        "defaultEntailmentRegime",
        "defaultGraph",
        "endpoint",
        "feature",
        "graph",
        "name",
        "namedGraph",
        "resultFormat",
        "supportedLanguage",
    }


def test_what_it_says_of_the_service(described: Callable[..., rdflib.Graph]) -> None:
    graph = described()
    assert set(graph.objects(SERVICE, SD.feature)) == {SD.UnionDefaultGraph}
    regime = rdflib.URIRef("http://www.w3.org/ns/entailment/Simple")
    assert set(graph.objects(SERVICE, SD.defaultEntailmentRegime)) == {regime}
    dcat = rdflib.Namespace("http://www.w3.org/ns/dcat#")
    assert set(graph.objects(SERVICE, dcat.servesDataset)) == {rdflib.URIRef(DATASET.value)}
    void = rdflib.URIRef("http://kg.example.org/.well-known/void")
    assert set(graph.objects(SERVICE, rdflib.RDFS.seeAlso)) == {void}
    assert not any(isinstance(term, rdflib.BNode) for triple in graph for term in triple)
    assert set(described(name="rdfxml")) == set(graph)


def test_each_graph_has_its_size(
    described: Callable[..., rdflib.Graph], asked: Callable[[str], list[tuple[str, ...]]]
) -> None:
    graph = described()
    dataset = graph.value(SERVICE, SD.defaultDataset)
    sizes = {
        (str(graph.value(node, SD.name)), str(graph.value(graph.value(node, SD.graph), VOID.triples)))
        for node in graph.objects(dataset, SD.namedGraph)
    }
    counted = asked("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    assert sizes == {row for row in counted if "/claim/" not in row[0]}
    whole = graph.value(graph.value(dataset, SD.defaultGraph), VOID.triples)
    assert [(str(whole),)] == asked("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")


def test_an_editor_reads_classes_and_properties(
    described: Callable[..., rdflib.Graph], asked: Callable[[str], list[tuple[str, ...]]]
) -> None:
    found = {tuple(map(str, row)) for row in described().query(EDITOR)}  # type: ignore[arg-type]
    assert ("https://w3id.org/aisi-kg/ontology#Claim",) in {row[:1] for row in found}
    # The same as from the endpoint, and as what is counted.
    assert found == set(asked(EDITOR))
    counted = asked("SELECT ?class ?p (COUNT(*) AS ?n) { ?s a ?class ; ?p ?o } GROUP BY ?class ?p")
    assert found <= set(counted)


def test_its_partitions_are_what_a_query_counts(
    described: Callable[..., rdflib.Graph], asked: Callable[[str], list[tuple[str, ...]]]
) -> None:
    graph = described()
    default = rdflib.URIRef(ENDPOINT + "#default-graph")
    by_class = {
        (str(graph.value(part, VOID["class"])), str(graph.value(part, VOID.entities)))
        for part in graph.objects(default, VOID.classPartition)
    }
    assert by_class == set(asked("SELECT ?class (COUNT(DISTINCT ?s) AS ?n) { ?s a ?class } GROUP BY ?class"))
    by_property = {
        (str(graph.value(part, VOID.property)), str(graph.value(part, VOID.triples)))
        for part in graph.objects(default, VOID.propertyPartition)
    }
    assert by_property == set(asked("SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"))
    # Nothing is said of the dataset as a whole but where it is described.
    assert not list(graph.objects(rdflib.URIRef(DATASET.value)))


def test_the_dataset_describes_itself_by_what_a_query_counts(
    site: Site, asked: Callable[[str], list[tuple[str, ...]]]
) -> None:
    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(site))
        async with httpx.AsyncClient(transport=transport, base_url="http://kg.example.org") as client:
            return await client.get("/.well-known/void", headers={"accept": "text/turtle"})

    graph = rdflib.Graph().parse(data=asyncio.run(get()).content, format="turtle")
    dataset = rdflib.URIRef(DATASET.value)

    def stated(link: str, *names: str) -> list[tuple[str, ...]]:
        parts = graph.objects(dataset, VOID[link])
        return sorted(tuple(str(graph.value(part, VOID[name])) for name in names) for part in parts)

    assert stated("classPartition", "class", "entities", "triples") == sorted(
        asked(
            "SELECT ?class (COUNT(DISTINCT ?s) AS ?n) (COUNT(*) AS ?m) "
            "{ ?s a ?class ; ?p ?o } GROUP BY ?class"
        )
    )
    assert stated("propertyPartition", "property", "triples", "distinctSubjects") == sorted(
        asked("SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?m) { ?s ?p ?o } GROUP BY ?p")
    )
    assert [(str(graph.value(dataset, VOID.triples)),)] == asked("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    for name, value in (
        ("license", "https://creativecommons.org/licenses/by/4.0/"),
        ("conformsTo", "https://w3id.org/aisi-kg/ontology"),
    ):
        assert str(graph.value(dataset, rdflib.DCTERMS[name])) == value
    assert str(graph.value(dataset, rdflib.URIRef("http://www.w3.org/ns/dcat#version"))) == "1"


def test_it_states_the_limits(described: Callable[..., rdflib.Graph]) -> None:
    graph = described({"query_seconds": 30, "query_bytes": 262144})
    stated = {
        (
            str(limit),
            *(str(graph.value(limit, SCHEMA[name])) for name in ("propertyID", "maxValue", "unitText")),
        )
        for limit in graph.objects(SERVICE, SCHEMA.additionalProperty)
        if (limit, rdflib.RDF.type, SCHEMA.PropertyValue) in graph
    }
    assert stated == {
        (ENDPOINT + "#limit-query-seconds", "query_seconds", "30", "seconds"),
        (ENDPOINT + "#limit-query-bytes", "query_bytes", "262144", "bytes"),
    }
    assert not list(described().objects(SERVICE, SCHEMA.additionalProperty))
