"""The reading half of the Graph Store HTTP Protocol."""

from collections.abc import AsyncIterator, Callable
from urllib.parse import quote

import httpx
import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from aisi_kg.store.compression import Encoding
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.results import GRAPH_FORMATS, Choice, Format
from aisi_kg.web.evaluator import Answering, Evaluator

Ask = Callable[..., httpx.Response]

BASE = "https://w3id.org/aisi-kg/"
SOURCE = BASE + "source/concordia-2024"
ONE, TWO = BASE + "claim/concordia-2024/one", BASE + "claim/concordia-2024/two"
READERS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "trig": RdfFormat.TRIG,
    "nq": RdfFormat.N_QUADS,
}


def statements(response: httpx.Response, extension: str = "ttl") -> set[Quad]:
    assert response.status_code == 200, response.text[:300]
    return set(parse(response.content, READERS[extension]))


def standing_in(store: Store, graph: str | None) -> set[Quad]:
    name = DefaultGraph() if graph is None else NamedNode(graph)
    return {Quad(*quad.triple) for quad in store.quads_for_pattern(None, None, None, name)}


@pytest.mark.parametrize("graph", [TWO, SOURCE, BASE + "graph/meta", BASE + "ontology"])
def test_a_graph_is_named_by_parameter_or_by_path(ask: Ask, store: Store, graph: str) -> None:
    expected = standing_in(store, graph)
    assert expected
    indirect = ask("GET", "/rdf-graphs?graph=" + quote(graph, safe=""))
    direct = ask("GET", "/rdf-graphs/" + graph.removeprefix(BASE))
    for response in (indirect, direct):
        assert statements(response) == expected
        assert response.headers["vary"] == "Accept"
        assert 'rel="license"' in response.headers["link"]


@pytest.mark.parametrize("query", ["default", "default="])
def test_the_default_graph_is_the_merge(ask: Ask, store: Store, query: str) -> None:
    assert statements(ask("GET", f"/rdf-graphs?{query}")) == standing_in(store, None)


def test_a_graph_is_not_the_document(ask: Ask) -> None:
    graph = statements(ask("GET", "/rdf-graphs/claim/concordia-2024/two"))
    document = statements(ask("GET", "/claim/concordia-2024/two"))
    assert graph < document


@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda f: f.name)
def test_a_graph_in_every_format(ask: Ask, store: Store, format_: Format) -> None:
    for path in (f"/rdf-graphs?graph={TWO}", "/rdf-graphs/claim/concordia-2024/two"):
        response = ask("GET", path, format_.media_type)
        assert response.headers["content-type"] == format_.content_type
        assert statements(response, format_.extension) == standing_in(store, TWO)


def test_a_head_has_no_body(ask: Ask) -> None:
    for path in (f"/rdf-graphs?graph={TWO}", "/rdf-graphs?default", "/rdf-graphs/graph/entities"):
        response, head = ask("GET", path), ask("HEAD", path)
        assert head.status_code == 200
        assert head.content == b""
        for name in ("content-type", "etag", "vary", "cache-control"):
            assert head.headers[name] == response.headers[name]


@pytest.mark.parametrize("path", ["/rdf-graphs?default", f"/rdf-graphs?graph={TWO}", "/rdf-graphs/ontology"])
def test_what_a_client_has_is_not_sent_again(ask: Ask, path: str) -> None:
    tag = ask("GET", path).headers["etag"]
    assert tag.startswith('W/"')
    again = ask("GET", path, headers={"if-none-match": tag})
    assert again.status_code == 304
    assert again.content == b""
    assert ask("GET", path, "application/n-triples", headers={"if-none-match": tag}).status_code == 200
    assert ask("GET", f"/rdf-graphs?graph={ONE}", headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        f"/rdf-graphs?graph={BASE}graph/none",
        "/rdf-graphs?graph=http://example.org/",
        "/rdf-graphs?graph=urn:x",
        "/rdf-graphs/graph/none",
        "/rdf-graphs/entity/ruritania-aisi",
        "/rdf-graphs/",
        "/rdf-graphs/a%20b",
        "/rdf-graphs/%00",
        "/rdf-graphs/..%2f..%2fetc",
        "/rdf-graphs/%E7%A0%94%E7%A9%B6%E6%89%80",
        "/rdf-graphs/" + "x" * 10_000,
        # As a graph it is named by its IRI, which has no such ending.
        "/rdf-graphs/ontology.ttl",
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_unknown_graph(ask: Ask, method: str, path: str) -> None:
    response = ask(method, path)
    assert response.status_code == 404
    if method == "GET":
        assert response.json()["code"] == "not-found"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "one-graph"),
        ("?", "one-graph"),
        ("?other=x", "one-graph"),
        (f"?graph={ONE}&default", "one-graph"),
        (f"?graph={ONE}&graph={TWO}", "one-graph"),
        (f"?graph={ONE}&graph={ONE}", "one-graph"),
        ("?default&default", "one-graph"),
        ("?graph=", "relative-iri"),
        ("?graph=claim/concordia-2024/one", "relative-iri"),
        ("?graph=//w3id.org/aisi-kg/ontology", "relative-iri"),
        ("?graph=http://example.org/a%20b", "relative-iri"),
        ("?graph=http://example.org/%3E%7B%7D", "relative-iri"),
        ("?graph=http://example.org/%00", "relative-iri"),
        ("?graph=%FF", "not-utf-8"),
        ("/ontology?default", "one-graph"),
        (f"/ontology?graph={ONE}", "one-graph"),
    ],
)
def test_a_request_that_names_no_one_graph(ask: Ask, query: str, code: str) -> None:
    response = ask("GET", "/rdf-graphs" + query)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["code"] == code
    assert response.json()["detail"].endswith(".")


@pytest.mark.parametrize("path", ["/rdf-graphs?default", f"/rdf-graphs?graph={TWO}", "/rdf-graphs/ontology"])
def test_what_nothing_is_written_in_is_not_acceptable(ask: Ask, path: str) -> None:
    response = ask("GET", path, "image/png")
    assert response.status_code == 406
    assert response.json()["offered"] == [f.media_type for f in GRAPH_FORMATS]


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize(
    "path", ["/rdf-graphs", "/rdf-graphs?default", f"/rdf-graphs?graph={ONE}", "/rdf-graphs/x"]
)
def test_nothing_is_changed(ask: Ask, store: Store, method: str, path: str) -> None:
    before = len(store)
    response = ask(method, path, content=b"<http://e/a> <http://e/b> 1 .")
    assert response.status_code == 403
    assert response.json()["code"] == "update-refused"
    assert "read-only" in response.json()["detail"]
    assert len(store) == before


def test_other_methods_are_told_apart(ask: Ask) -> None:
    assert ask("OPTIONS", "/rdf-graphs").headers["allow"] == "GET, HEAD, OPTIONS"


class Unending:
    """An answer that goes on; it knows whether it was closed."""

    format = GRAPH_FORMATS[0]
    encoding: Encoding = ""
    whole: bytes | None = None
    rows = 0
    closed = 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield b"# one\n"
        yield b"# two\n"

    def close(self) -> None:
        self.closed += 1


def test_a_large_graph_is_sent_as_it_is_written(
    ask: Ask, evaluator: Evaluator, monkeypatch: pytest.MonkeyPatch
) -> None:
    answering = Unending()

    async def answer(request: QueryRequest, _choice: Choice, **_more: object) -> Answering:
        assert request.text.startswith("CONSTRUCT")
        return answering

    monkeypatch.setattr(evaluator, "answer", answer)
    response = ask("GET", "/rdf-graphs?default")
    assert response.content == b"# one\n# two\n"
    assert "content-length" not in response.headers
    assert answering.closed == 1
