"""The SPARQL 1.1 Protocol, case by case."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import rdflib

from aisi_kg.store.results import GRAPH_FORMATS, RESULT_FORMATS

Ask = Callable[..., httpx.Response]

BASE = "https://w3id.org/aisi-kg/"
ONE, TWO = BASE + "claim/concordia-2024/one", BASE + "claim/concordia-2024/two"
SELECT = "SELECT ?s { ?s <https://w3id.org/aisi-kg/ontology#staffCount> 12 }"
CONSTRUCT = "CONSTRUCT WHERE { ?s <https://w3id.org/aisi-kg/ontology#staffCount> ?o }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
QUERY_TYPE = {"content-type": "application/sparql-query"}
FORM_TYPE = {"content-type": "application/x-www-form-urlencoded"}


def is_answered(response: httpx.Response) -> None:
    assert response.status_code == 200, response.text[:300]
    assert response.headers["content-type"] == "application/sparql-results+json"
    rows = response.json()["results"]["bindings"]
    assert [row["s"]["value"] for row in rows] == [BASE + "entity/ruritania-aisi"]


def is_problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """Hold any error against the one form that all of them have."""
    assert response.status_code == status, response.text[:300]
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["type"] == "about:blank"
    assert problem["status"] == status
    assert problem["code"] == code
    assert problem["title"]
    assert problem["detail"].endswith(".")
    assert "Traceback" not in response.text
    assert ".py" not in response.text
    return problem


# What asks a query.


def test_by_get(ask: Ask) -> None:
    is_answered(ask("GET", "/sparql", params={"query": SELECT}))


def test_by_form(ask: Ask) -> None:
    is_answered(ask("POST", "/sparql", data={"query": SELECT}))


@pytest.mark.parametrize("parameter", ["", "; charset=utf-8", ";charset=UTF-8", '; charset="utf-8"'])
def test_by_post(ask: Ask, parameter: str) -> None:
    headers = {"content-type": QUERY_TYPE["content-type"] + parameter}
    is_answered(ask("POST", "/sparql", content=SELECT, headers=headers))
    headers = {"content-type": FORM_TYPE["content-type"] + parameter}
    is_answered(ask("POST", "/sparql", content="query=" + quote(SELECT), headers=headers))


def test_text_of_any_script_arrives(ask: Ask) -> None:
    text = 'SELECT ?s { BIND("卢里塔尼亚 +&=#" AS ?s) }'
    for response in (
        ask("GET", "/sparql", params={"query": text}),
        ask("POST", "/sparql", data={"query": text}),
        ask("POST", "/sparql", content=text.encode(), headers=QUERY_TYPE),
        # Not encoded, as some clients send it.
        ask("POST", "/sparql", content=b"query=" + text.replace("+&=#", "").encode(), headers=FORM_TYPE),
    ):
        row = response.json()["results"]["bindings"][0]
        assert row["s"]["value"].startswith("卢里塔尼亚 ")


def test_head_tells_what_get_would(ask: Ask) -> None:
    for path in (f"/sparql?query={quote(SELECT)}", "/sparql"):
        get, head = ask("GET", path), ask("HEAD", path)
        assert head.status_code == 200
        assert head.headers["content-type"] == get.headers["content-type"]
        assert head.headers["content-length"] == str(len(get.content))


@pytest.mark.parametrize(
    ("text", "accept", "media_type"),
    [
        *((SELECT, f.media_type, f.content_type) for f in RESULT_FORMATS),
        *(("ASK {}", f.media_type, f.content_type) for f in RESULT_FORMATS),
        *((CONSTRUCT, f.media_type, f.content_type) for f in GRAPH_FORMATS),
        *((f"DESCRIBE <{ONE}>", f.media_type, f.content_type) for f in GRAPH_FORMATS),
        (SELECT, None, "application/sparql-results+json"),
        (CONSTRUCT, None, "text/turtle; charset=utf-8"),
        (SELECT, "*/*", "application/sparql-results+json"),
        (SELECT, "text/csv;q=0.1, application/sparql-results+xml", "application/sparql-results+xml"),
        # One header for both kinds of queries.
        (SELECT, "text/turtle, application/sparql-results+xml", "application/sparql-results+xml"),
        (CONSTRUCT, "application/n-triples, application/sparql-results+xml", "application/n-triples"),
    ],
)
def test_the_answer_has_the_type_asked_for(ask: Ask, text: str, accept: str | None, media_type: str) -> None:
    response = ask("GET", "/sparql", accept, params={"query": text})
    assert response.status_code == 200
    assert response.headers["content-type"] == media_type
    assert response.headers["vary"] == "Accept, Accept-Encoding"
    assert response.headers["content-length"] == str(len(response.content))
    assert response.content


@pytest.mark.parametrize(
    ("text", "name", "media_type"),
    [
        (SELECT, "csv", "text/csv; charset=utf-8"),
        (SELECT, "XML", "application/sparql-results+xml"),
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (CONSTRUCT, "json", "application/ld+json"),
        (CONSTRUCT, "xml", "application/rdf+xml"),
        (CONSTRUCT, "nt", "application/n-triples"),
    ],
)
def test_a_link_may_name_the_format(ask: Ask, text: str, name: str, media_type: str) -> None:
    parameters = {"query": text, "format": name}
    by_url = ask("GET", "/sparql", "text/tab-separated-values", params=parameters)
    assert by_url.headers["content-type"] == media_type
    assert ask("POST", "/sparql", data=parameters).headers["content-type"] == media_type
    by_post = ask("POST", "/sparql", content=text, params={"format": name}, headers=QUERY_TYPE)
    assert by_post.headers["content-type"] == media_type


# Datasets.


def count(response: httpx.Response) -> int:
    assert response.status_code == 200, response.text[:300]
    return int(response.json()["results"]["bindings"][0]["n"]["value"])


@pytest.mark.parametrize(
    ("parameters", "triples"),
    [
        ([("default-graph-uri", ONE)], 1),
        ([("default-graph-uri", ONE), ("default-graph-uri", TWO)], 2),
        ([("named-graph-uri", ONE)], 0),
        ([("default-graph-uri", TWO), ("named-graph-uri", ONE)], 2),
    ],
)
def test_the_request_may_name_the_dataset(ask: Ask, parameters: list[tuple[str, str]], triples: int) -> None:
    encoded = "&".join(f"{name}={quote(value)}" for name, value in parameters)
    with_query = f"query={quote(COUNT)}&{encoded}"
    assert count(ask("GET", f"/sparql?{with_query}")) == triples
    assert count(ask("POST", "/sparql", content=with_query, headers=FORM_TYPE)) == triples
    assert count(ask("POST", f"/sparql?{encoded}", content=COUNT, headers=QUERY_TYPE)) == triples
    # It counts more than what the query says.
    own = COUNT.replace(" {", f" FROM <{BASE}graph/meta> {{")
    assert count(ask("POST", f"/sparql?{encoded}", content=own, headers=QUERY_TYPE)) == triples


def test_named_graphs_are_those_named(ask: Ask) -> None:
    text = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert count(ask("GET", "/sparql", params={"query": text})) == 7
    assert count(ask("GET", "/sparql", params={"query": text, "named-graph-uri": [ONE, TWO]})) == 2
    assert count(ask("GET", "/sparql", params={"query": text, "default-graph-uri": ONE})) == 0


def test_a_graph_that_is_no_iri_is_refused(ask: Ask) -> None:
    response = ask("GET", "/sparql", params={"query": COUNT, "default-graph-uri": "one"})
    assert "<one>" in is_problem(response, 400, "malformed-query")["detail"]


# What is refused.


def test_a_query_that_is_none_is_refused_with_its_place(ask: Ask) -> None:
    problem = is_problem(
        ask("GET", "/sparql", params={"query": "SELECT *\n{ ?s ?p }"}), 400, "malformed-query"
    )
    assert (problem["line"], problem["column"]) == (2, 9)
    assert problem["detail"] == 'Line 2, column 9: found "}", expected an object.'


@pytest.mark.parametrize(
    ("method", "path", "options", "status", "code"),
    [
        ("GET", "/sparql?query=", {}, 400, "malformed-query"),
        ("GET", "/sparql?query=ASK{}&query=ASK{}", {}, 400, "one-query"),
        ("GET", "/sparql?query=%FF", {}, 400, "not-utf-8"),
        ("GET", "/sparql?query=ASK{}&format=png", {}, 400, "unknown-format"),
        ("GET", "/sparql?query=ASK{}&format=csv&format=xml", {}, 400, "unknown-format"),
        ("GET", "/sparql?query=ASK{}&format=turtle", {}, 406, "not-acceptable"),
        ("GET", "/sparql?query=INSERT+DATA+{<a:b><a:b>1}", {}, 400, "update-refused"),
        ("GET", "/sparql?update=CLEAR+ALL", {}, 403, "update-refused"),
        ("GET", "/sparql?query=ASK{SERVICE<http://127.0.0.1:1/>{}}", {}, 403, "service-refused"),
        ("GET", "/sparql?" + "&".join(["a=b"] * 1001) + "&query=ASK{}", {}, 400, "too-many-parameters"),
        ("POST", "/sparql", {}, 415, "unsupported-media-type"),
        ("POST", "/sparql", {"content": "ASK {}"}, 415, "unsupported-media-type"),
        (
            "POST",
            "/sparql",
            {"content": "ASK {}", "headers": {"content-type": "text/plain"}},
            415,
            "unsupported-media-type",
        ),
        ("POST", "/sparql", {"json": {"query": "ASK {}"}}, 415, "unsupported-media-type"),
        ("POST", "/sparql", {"files": {"query": b"ASK {}"}}, 415, "unsupported-media-type"),
        ("POST", "/sparql", {"data": {"other": "x"}}, 400, "one-query"),
        ("POST", "/sparql", {"data": {"query": ["ASK {}", "ASK {}"]}}, 400, "one-query"),
        ("POST", "/sparql", {"data": {"update": "CLEAR ALL"}}, 403, "update-refused"),
        ("POST", "/sparql", {"data": {"query": "CLEAR ALL"}}, 400, "update-refused"),
        (
            "POST",
            "/sparql",
            {"content": "CLEAR ALL", "headers": {"content-type": "application/sparql-update"}},
            403,
            "update-refused",
        ),
        ("POST", "/sparql", {"content": "", "headers": QUERY_TYPE}, 400, "malformed-query"),
        ("POST", "/sparql", {"content": b"ASK { ?s ?p '\xff' }", "headers": QUERY_TYPE}, 400, "not-utf-8"),
        ("POST", "/sparql", {"content": b"query=%C3%28", "headers": FORM_TYPE}, 400, "not-utf-8"),
        (
            "POST",
            "/sparql",
            {
                "content": "ASK {}".encode("utf-16"),
                "headers": {"content-type": "application/sparql-query; charset=utf-16"},
            },
            415,
            "unsupported-charset",
        ),
        (
            "POST",
            "/sparql",
            {
                "content": b"query=ASK{}",
                "headers": {"content-type": FORM_TYPE["content-type"] + ";charset=iso-8859-1"},
            },
            415,
            "unsupported-charset",
        ),
        (
            "POST",
            "/sparql",
            {"content": b"x", "headers": {**QUERY_TYPE, "content-encoding": "gzip"}},
            415,
            "unsupported-encoding",
        ),
        ("POST", "/sparql?query=ASK{}", {"content": "ASK {}", "headers": QUERY_TYPE}, 400, "query-in-url"),
        ("POST", "/sparql?query=ASK{}", {"data": {"a": "b"}}, 400, "query-in-url"),
        ("PUT", "/sparql?query=ASK{}", {}, 405, "method-not-allowed"),
        ("DELETE", "/sparql", {}, 405, "method-not-allowed"),
        ("PATCH", "/sparql", {"content": "ASK {}", "headers": QUERY_TYPE}, 405, "method-not-allowed"),
    ],
)
def test_what_the_protocol_does_not_have_is_refused(
    ask: Ask, method: str, path: str, options: dict[str, Any], status: int, code: str
) -> None:
    response = ask(method, path, **options)
    is_problem(response, status, code)
    if status == 405:
        assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize("accept", ["image/png", "text/html;q=0, image/*"])
def test_what_nothing_is_written_in_is_not_acceptable(ask: Ask, accept: str) -> None:
    problem = is_problem(ask("GET", "/sparql", accept, params={"query": SELECT}), 406, "not-acceptable")
    assert set(problem["offered"]) == {f.media_type for f in (*RESULT_FORMATS, *GRAPH_FORMATS)}
    is_problem(ask("GET", "/sparql", accept), 406, "not-acceptable")


@pytest.mark.parametrize(("text", "accept"), [(SELECT, "text/turtle"), (CONSTRUCT, "text/csv")])
def test_a_type_for_the_other_kind_of_query_is_not_acceptable(ask: Ask, text: str, accept: str) -> None:
    problem = is_problem(ask("GET", "/sparql", accept, params={"query": text}), 406, "not-acceptable")
    formats = RESULT_FORMATS if text == SELECT else GRAPH_FORMATS
    assert problem["offered"] == [f.media_type for f in formats]


def test_long_requests_are_refused_before_they_are_read(make_ask: Callable[..., Ask]) -> None:
    ask = make_ask(max_body_bytes=1024, max_url_bytes=512)
    at_most = "ASK {}" + " " * 1018
    assert ask("POST", "/sparql", content=at_most, headers=QUERY_TYPE).status_code == 200
    problem = is_problem(
        ask("POST", "/sparql", content=at_most + " ", headers=QUERY_TYPE), 413, "body-too-long"
    )
    assert problem["limit_bytes"] == 1024

    async def blocks() -> Any:
        for _ in range(3):
            yield b" " * 512

    # Without a length that is told before.
    is_problem(ask("POST", "/sparql", content=blocks(), headers=QUERY_TYPE), 413, "body-too-long")
    path = "/sparql?query=ASK{}"
    assert ask("GET", path + "&" + "x" * (512 - len(path))).status_code == 200
    problem = is_problem(ask("GET", path + "&" + "x" * (513 - len(path))), 414, "url-too-long")
    assert problem["limit_bytes"] == 512


# Without a query.


@pytest.mark.parametrize(
    ("accept", "name"),
    [
        (None, "turtle"),
        ("application/rdf+xml", "xml"),
        ("application/ld+json", "json-ld"),
        ("application/n-triples", "nt"),
    ],
)
def test_the_service_describes_itself(ask: Ask, accept: str | None, name: str) -> None:
    response = ask("GET", "/sparql", accept)
    graph = rdflib.Graph().parse(data=response.content, format=name)
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    (service,) = graph.subjects(rdflib.RDF.type, sd.Service)
    assert graph.value(service, sd.endpoint) == rdflib.URIRef("http://kg.example.org/sparql")
    assert set(graph.objects(service, sd.supportedLanguage)) == {sd.SPARQL11Query}
    assert {str(format_) for format_ in graph.objects(service, sd.resultFormat)} == {
        format_.iri for format_ in (*RESULT_FORMATS, *GRAPH_FORMATS)
    }
    dataset = graph.value(service, sd.defaultDataset)
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    size = graph.value(graph.value(dataset, sd.defaultGraph), void.triples)
    assert int(str(size)) == count(ask("GET", "/sparql", params={"query": COUNT}))
    named = {str(graph.value(node, sd.name)) for node in graph.objects(dataset, sd.namedGraph)}
    # The claims' graphs are not listed.
    assert named == {
        BASE + path for path in ("ontology", "graph/entities", "graph/meta", "source/concordia-2024")
    }
    assert not any(isinstance(term, rdflib.BNode) for triple in graph for term in triple)


def test_the_address_may_be_that_of_a_proxy(make_ask: Callable[..., Ask]) -> None:
    response = make_ask(public_url="https://example.org/kg")("GET", "/sparql")
    assert "<https://example.org/kg/sparql>" in response.text


@pytest.mark.parametrize("host", ["a b", "x>y", "", "evil.example/<script>"])
def test_a_host_that_is_none_is_not_repeated(ask: Ask, host: str) -> None:
    response = ask("GET", "/sparql", headers={"host": host})
    is_problem(response, 400, "bad-host")
    assert not host or host not in response.text


def test_a_browser_gets_a_form(ask: Ask) -> None:
    response = ask("GET", "/sparql", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert '<textarea id="query" name="query"' in response.text
    assert "PREFIX aisi: &lt;https://w3id.org/aisi-kg/ontology#&gt;" in response.text
    assert "<script>" not in response.text
    assert "style=" not in response.text


# Large answers.

PAIRS = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


def test_a_large_answer_arrives_whole(make_ask: Callable[..., Ask]) -> None:
    # Of an application of its own, which has kept no answer yet.
    ask = make_ask(cache_bytes=0)
    response = ask("GET", "/sparql", params={"query": PAIRS})
    assert "content-length" not in response.headers
    number = count(ask("GET", "/sparql", params={"query": COUNT}))
    assert len(json.loads(response.content)["results"]["bindings"]) == number**2
    head = ask("HEAD", "/sparql", params={"query": PAIRS})
    assert head.status_code == 200
    assert "content-length" not in head.headers
