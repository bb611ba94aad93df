"""The SPARQL 1.1 Protocol, as the specification has it, case by case over a socket.

The first cases follow the W3C's own tests of the protocol, whose names they bear where there is one.
"""

import csv
import gzip
import io
import json
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode
from xml.etree import ElementTree as ET

import httpx
import pytest
import rdflib
from tests.server.conftest import Server

from aisi_kg import __version__

BASE = "https://w3id.org/aisi-kg/"
ONE, TWO, THREE = (f"{BASE}claim/concordia-2024/{name}" for name in ("one", "two", "three"))
FORM, DIRECT, UPDATE = (
    f"application/{name}" for name in ("x-www-form-urlencoded", "sparql-query", "sparql-update")
)
SELECT = "SELECT ?s { ?s <https://w3id.org/aisi-kg/ontology#staffCount> 12 }"
ASK = "ASK {}"
CONSTRUCT = "CONSTRUCT WHERE { ?s <https://w3id.org/aisi-kg/ontology#staffCount> ?o }"
DESCRIBE = f"DESCRIBE <{BASE}entity/ruritania-aisi>"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
GRAPHS = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
INSERT = "INSERT DATA { <http://e/a> <http://e/b> <http://e/c> }"
JSON = "application/sparql-results+json"
RESULTS = (JSON, "application/sparql-results+xml", "text/csv", "text/tab-separated-values")
TRIPLES = (
    "text/turtle",
    "application/n-triples",
    "application/rdf+xml",
    "application/ld+json",
    "application/trig",
    "application/n-quads",
)
RDFLIB = dict(zip(TRIPLES, ("turtle", "nt", "xml", "json-ld", "trig", "nquads"), strict=True))


def is_problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.text[:300]
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["code"] == code
    assert problem["status"] == status
    return problem


# How a query is sent.


class Way(NamedTuple):
    """A way to send a query with further parameters."""

    name: str
    send: Callable[[httpx.Client, str, list[tuple[str, str]]], httpx.Response]


def by_get(client: httpx.Client, text: str, more: list[tuple[str, str]]) -> httpx.Response:
    return client.get("/sparql?" + urlencode([("query", text), *more]))


def by_form(client: httpx.Client, text: str, more: list[tuple[str, str]]) -> httpx.Response:
    body = urlencode([("query", text), *more])
    return client.post("/sparql", content=body, headers={"content-type": FORM})


def by_post(client: httpx.Client, text: str, more: list[tuple[str, str]]) -> httpx.Response:
    return client.post("/sparql?" + urlencode(more), content=text.encode(), headers={"content-type": DIRECT})


def by_post_with_charset(client: httpx.Client, text: str, more: list[tuple[str, str]]) -> httpx.Response:
    headers = {"content-type": f"{DIRECT}; charset=UTF-8"}
    return client.post("/sparql?" + urlencode(more), content=text.encode(), headers=headers)


WAYS = [
    Way("query_get", by_get),
    Way("query_post_form", by_form),
    Way("query_post_direct", by_post),
    Way("query_post_direct_utf8", by_post_with_charset),
]
ways = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)


@ways
def test_a_query_is_answered(server: Server, way: Way) -> None:
    response = way.send(server.client, SELECT, [])
    assert response.status_code == 200
    rows = response.json()["results"]["bindings"]
    assert [row["s"]["value"] for row in rows] == [f"{BASE}entity/ruritania-aisi"]


@ways
def test_text_of_any_script_arrives(server: Server, way: Way) -> None:
    text = 'SELECT ?s { BIND("卢里塔尼亚 +&=#%41é🜚" AS ?s) }'
    row = way.send(server.client, text, []).json()["results"]["bindings"][0]
    assert row["s"]["value"] == "卢里塔尼亚 +&=#%41é🜚"


@ways
@pytest.mark.parametrize(
    ("text", "dataset", "number"),
    [
        pytest.param(COUNT, [("default-graph-uri", ONE)], 1, id="query_dataset_default_graph"),
        pytest.param(
            # One triple of theirs is the same: a merge has it once.
            COUNT,
            [("default-graph-uri", ONE), ("default-graph-uri", TWO)],
            2,
            id="query_dataset_default_graphs",
        ),
        pytest.param(COUNT, [("named-graph-uri", ONE)], 0, id="default_graph_is_empty"),
        pytest.param(GRAPHS, [("named-graph-uri", ONE)], 1, id="query_dataset_named_graph"),
        pytest.param(
            GRAPHS, [("named-graph-uri", ONE), ("named-graph-uri", TWO)], 2, id="query_dataset_named_graphs"
        ),
        pytest.param(GRAPHS, [("default-graph-uri", ONE)], 0, id="no_named_graphs"),
        pytest.param(
            GRAPHS,
            [("default-graph-uri", ONE), ("named-graph-uri", TWO), ("named-graph-uri", THREE)],
            2,
            id="query_dataset_full",
        ),
        pytest.param(
            COUNT.replace("{", f"FROM <{THREE}> {{"),
            [("default-graph-uri", ONE), ("default-graph-uri", TWO)],
            2,
            id="query_multiple_dataset",
        ),
        pytest.param(
            GRAPHS.replace("{ GRAPH", f"FROM NAMED <{THREE}> {{ GRAPH"),
            [("default-graph-uri", ONE)],
            0,
            id="from_named_is_replaced_too",
        ),
        pytest.param(COUNT, [("default-graph-uri", "http://e/none")], 0, id="an_unknown_graph_is_empty"),
        pytest.param(COUNT.replace("{", f"FROM <{TWO}> {{"), [], 2, id="from"),
    ],
)
def test_the_request_says_the_dataset(
    server: Server, way: Way, text: str, dataset: list[tuple[str, str]], number: int
) -> None:
    response = way.send(server.client, text, dataset)
    assert response.status_code == 200, response.text
    assert int(response.json()["results"]["bindings"][0]["n"]["value"]) == number


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
@pytest.mark.parametrize("graph", ["one", "", "#x", "//e/a", "http://e/a b", "a b:c"])
def test_a_graph_that_is_no_absolute_iri_is_refused(server: Server, name: str, graph: str) -> None:
    is_problem(by_get(server.client, COUNT, [(name, graph)]), 400, "malformed-query")


# What is no query.


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_bad_query_method(server: Server, method: str) -> None:
    response = server.client.request(method, "/sparql?query=ASK{}")
    is_problem(response, 405, "method-not-allowed")
    assert response.headers["allow"] == "GET, HEAD, OPTIONS, POST"


NON_UTF8 = "ASK { BIND('é' AS ?x) }".encode("utf-16")


@pytest.mark.parametrize(
    ("method", "path", "media_type", "body", "status", "code"),
    [
        ("GET", "?query=ASK{}&query=SELECT*{}", None, b"", 400, "one-query"),
        ("POST", "", FORM, b"query=ASK{}&query=ASK{}", 400, "one-query"),
        ("POST", "", FORM, b"", 400, "one-query"),
        ("POST", "", FORM, b"quer=ASK{}", 400, "one-query"),
        ("POST", "", DIRECT, b"", 400, "malformed-query"),
        ("POST", "", "text/plain", b"ASK {}", 415, "unsupported-media-type"),
        ("POST", "", "application/json", b'{"query": "ASK {}"}', 415, "unsupported-media-type"),
        ("POST", "", "multipart/form-data; boundary=x", b"--x--", 415, "unsupported-media-type"),
        ("POST", "", "application/sparql-queryy", b"ASK {}", 415, "unsupported-media-type"),
        ("POST", "", "", b"ASK {}", 415, "unsupported-media-type"),
        ("POST", "", None, b"query=ASK{}", 415, "unsupported-media-type"),
        ("POST", "", None, b"ASK {}", 415, "unsupported-media-type"),
        ("POST", "", DIRECT, NON_UTF8, 400, "not-utf-8"),
        ("POST", "", f"{DIRECT}; charset=utf-16", NON_UTF8, 415, "unsupported-charset"),
        ("POST", "", f"{FORM}; charset=iso-8859-1", b"query=ASK{}", 415, "unsupported-charset"),
        ("POST", "", FORM, b"query=ASK%7B%7D%23%FF", 400, "not-utf-8"),
        ("GET", "?query=ASK%7B%7D%23%C3", None, b"", 400, "not-utf-8"),
        ("POST", "?query=ASK{}", DIRECT, b"ASK {}", 400, "query-in-url"),
        ("POST", "?query=ASK{}", FORM, b"query=ASK{}", 400, "query-in-url"),
        # Updates: this service has none, in whatever way they come.
        ("GET", "?query=" + quote(INSERT), None, b"", 400, "update-refused"),
        ("GET", "?update=" + quote(INSERT), None, b"", 403, "update-refused"),
        ("POST", "", FORM, b"update=" + quote(INSERT).encode(), 403, "update-refused"),
        ("POST", "", FORM, b"query=" + quote(INSERT).encode(), 400, "update-refused"),
        ("POST", "", FORM, b"query=ASK{}&update=CLEAR+ALL", 403, "update-refused"),
        ("POST", "", DIRECT, INSERT.encode(), 400, "update-refused"),
        ("POST", "", UPDATE, INSERT.encode(), 403, "update-refused"),
        ("POST", "", f"{UPDATE}; charset=UTF-8", INSERT.encode(), 403, "update-refused"),
        ("POST", "?using-graph-uri=http://e/a", UPDATE, INSERT.encode(), 403, "update-refused"),
    ],
)
def test_what_the_protocol_does_not_have(
    server: Server, method: str, path: str, media_type: str | None, body: bytes, status: int, code: str
) -> None:
    headers = {} if media_type is None else {"content-type": media_type}
    response = server.client.request(method, "/sparql" + path, content=body or None, headers=headers)
    is_problem(response, status, code)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("SELECT *\n{ ?s ?p }", 2, 9),
        ("SELECT ?x { ?x }", 1, 16),
        ("ASK { ?s ?p 'x }", 1, 13),
        ("PREFIX a <http://e/>\nASK {}", 1, 8),
        ("ASK {\r\n  ?s undeclared:x ?o }", 2, 6),
        ("ASK {} 卢", 1, 8),
    ],
)
def test_bad_query_syntax(server: Server, text: str, line: int, column: int) -> None:
    problem = is_problem(server.ask(text), 400, "malformed-query")
    assert (problem["line"], problem["column"]) == (line, column)
    assert f"Line {line}, column {column}" in problem["detail"]


# What an answer is written in.


def reads_results(media_type: str, body: bytes) -> int:
    """Read solutions with a parser that is not the engine's; give their number."""
    if media_type == JSON:
        return len(json.loads(body)["results"]["bindings"])
    if media_type.endswith("xml"):
        return len(ET.fromstring(body).findall(".//{http://www.w3.org/2005/sparql-results#}result"))
    if media_type == "text/csv":
        return len(list(csv.reader(io.StringIO(body.decode(), newline="")))) - 1
    return (
        len(list(csv.reader(io.StringIO(body.decode(), newline=""), "excel-tab", quoting=csv.QUOTE_NONE))) - 1
    )


def reads_truth(media_type: str, body: bytes) -> bool:
    if media_type == JSON:
        return bool(json.loads(body)["boolean"])
    if media_type.endswith("xml"):
        return ET.fromstring(body).findtext("{http://www.w3.org/2005/sparql-results#}boolean") == "true"
    return body.decode().strip() == "true"


@pytest.mark.parametrize("media_type", RESULTS)
def test_query_content_type_select(server: Server, media_type: str) -> None:
    labels = 'SELECT ?a ?b ?none { ?a ?p ?b FILTER(ISLITERAL(?b) && LANG(?b) != "") }'
    rows = len(server.ask(labels).json()["results"]["bindings"])
    assert rows > 3
    response = server.ask(labels, media_type)
    assert response.headers["content-type"].partition(";")[0] == media_type
    assert reads_results(media_type, response.content) == rows


@pytest.mark.parametrize("media_type", RESULTS)
def test_query_content_type_ask(server: Server, media_type: str) -> None:
    response = server.ask(ASK, media_type)
    assert response.headers["content-type"].partition(";")[0] == media_type
    assert reads_truth(media_type, response.content)


@pytest.mark.parametrize("media_type", TRIPLES)
@pytest.mark.parametrize("text", [CONSTRUCT, DESCRIBE], ids=["construct", "describe"])
def test_query_content_type_of_triples(server: Server, text: str, media_type: str) -> None:
    response = server.ask(text, media_type)
    assert response.headers["content-type"].partition(";")[0] == media_type
    found = rdflib.Dataset()
    found.parse(data=response.content, format=RDFLIB[media_type])
    subjects = {str(quad[0]) for quad in found.quads((None, None, None, None))}
    assert f"{BASE}entity/ruritania-aisi" in subjects


@pytest.mark.parametrize(
    ("text", "accept", "media_type"),
    [
        (SELECT, None, JSON),
        (SELECT, "", JSON),
        (SELECT, "*/*", JSON),
        (SELECT, "text/*", "text/csv"),
        (SELECT, "application/*", JSON),
        (SELECT, "text/csv;q=0.5, text/tab-separated-values", "text/tab-separated-values"),
        (SELECT, "text/csv;q=0.5, */*;q=0.1", "text/csv"),
        (SELECT, f"{JSON};q=0, */*", "application/sparql-results+xml"),
        (SELECT, "TEXT/CSV", "text/csv"),
        (SELECT, "text/csv; header=present; q=1", "text/csv"),
        (SELECT, "application/json", JSON),
        (SELECT, "application/xml", "application/sparql-results+xml"),
        # What is malformed counts for nothing.
        (SELECT, "text/csv;q=2, text/tab-separated-values;q=0.1", "text/tab-separated-values"),
        (SELECT, ",,;;q=,/,*", JSON),
        (SELECT, 'text/csv;x="a,b;q=0"', "text/csv"),
        (CONSTRUCT, None, "text/turtle"),
        (CONSTRUCT, "application/*;q=0.9, text/turtle;q=0.1", "application/n-triples"),
        (CONSTRUCT, "text/plain", "application/n-triples"),
        (CONSTRUCT, "text/html, application/ld+json;q=0.2", "application/ld+json"),
    ],
)
def test_accept(server: Server, text: str, accept: str | None, media_type: str) -> None:
    headers = {"content-type": DIRECT} | ({} if accept is None else {"accept": accept})
    request = server.client.build_request("POST", "/sparql", content=text, headers=headers)
    if accept is None:
        del request.headers["accept"]
    response = server.client.send(request)
    assert response.headers["content-type"].partition(";")[0] == media_type


@pytest.mark.parametrize(
    ("text", "accept", "offered"),
    [
        (SELECT, "image/png", {*RESULTS, *TRIPLES}),
        (SELECT, "*/*;q=0", {*RESULTS, *TRIPLES}),
        (SELECT, "text/turtle", set(RESULTS)),
        (CONSTRUCT, "text/csv", set(TRIPLES)),
        (ASK, "application/n-quads", set(RESULTS)),
    ],
)
def test_what_cannot_be_written_says_what_can(
    server: Server, text: str, accept: str, offered: set[str]
) -> None:
    problem = is_problem(server.ask(text, accept), 406, "not-acceptable")
    assert set(problem["offered"]) == offered


@pytest.mark.parametrize("first", ["text/csv", "", "image/png"])
def test_accept_may_come_in_several_lines(server: Server, first: str) -> None:
    headers = [("content-type", DIRECT), ("accept", first), ("accept", "text/tab-separated-values;q=0.5")]
    response = server.client.post("/sparql", content=SELECT, headers=headers)
    assert response.headers["content-type"].startswith(
        "text/csv" if first == "text/csv" else "text/tab-separated-values"
    )


@pytest.mark.parametrize(
    ("text", "name", "media_type"),
    [
        (SELECT, "json", JSON),
        (SELECT, "xml", "application/sparql-results+xml"),
        (SELECT, "csv", "text/csv"),
        (SELECT, "tsv", "text/tab-separated-values"),
        (CONSTRUCT, "turtle", "text/turtle"),
        (CONSTRUCT, "xml", "application/rdf+xml"),
        (CONSTRUCT, "json", "application/ld+json"),
        (CONSTRUCT, "application/n-quads", "application/n-quads"),
        (SELECT, "application/json", JSON),
        (CONSTRUCT, "application/json", "application/ld+json"),
    ],
)
@ways
def test_the_format_may_be_named(server: Server, way: Way, text: str, name: str, media_type: str) -> None:
    response = way.send(server.client, text, [("format", name)])
    assert response.headers["content-type"].partition(";")[0] == media_type


def test_a_triple_within_a_triple_has_no_json_ld(server: Server) -> None:
    text = "CONSTRUCT { <http://e/a> <http://e/p> <<( <http://e/a> <http://e/p> 1 )>> } WHERE {}"
    problem = is_problem(server.ask(text, "application/ld+json"), 406, "not-acceptable")
    assert set(problem["offered"]) == set(TRIPLES) - {"application/ld+json"}


# Other methods.


@pytest.mark.parametrize(
    "path",
    [
        f"/sparql?query={quote(SELECT)}",
        f"/sparql?query={quote(CONSTRUCT)}&format=jsonld",
        "/sparql?query=ASK",
        "/sparql?query=ASK{}&format=turtle",
        "/sparql",
        "/rdf-graphs?default",
        "/rdf-graphs/graph/entities",
        "/entity/ruritania-aisi",
        "/entity/none",
        "/dump.nt",
        "/dump.nt.gz",
        "/",
        "/none",
    ],
)
def test_head_is_get_without_a_body(server: Server, path: str) -> None:
    headers = {"accept-encoding": "identity"}
    get, head = (server.client.request(method, path, headers=headers) for method in ("GET", "HEAD"))
    assert head.content == b""
    assert head.status_code == get.status_code
    # Of an answer that is written as it is sent, the length is not known before.
    own = {"date", "transfer-encoding"} | ({"content-length"} - set(head.headers))
    assert {n: v for n, v in head.headers.items() if n not in own} == {
        n: v for n, v in get.headers.items() if n not in own
    }


# Conditions (RFC 9110, section 13).


def test_who_has_the_answer_is_told_so(server: Server) -> None:
    path = f"/sparql?query={quote(SELECT)}"
    tag = server.client.get(path).headers["etag"]
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        for method in ("GET", "HEAD"):
            response = server.client.request(method, path, headers={"if-none-match": known})
            assert (response.status_code, response.content) == (304, b""), known
            assert response.headers["etag"] == tag


def test_any_answer_is_known_only_where_there_is_one(server: Server) -> None:
    condition = {"if-none-match": "*"}
    fresh = "ASK { BIND('nobody has asked this' AS ?x) }"
    assert server.client.get(f"/sparql?query={quote(fresh)}", headers=condition).status_code == 304
    is_problem(server.client.get("/sparql?query=ASK+{", headers=condition), 400, "malformed-query")
    path = f"/sparql?query={quote(SELECT)}&format=ttl"
    is_problem(server.client.get(path, headers=condition), 406, "not-acceptable")


@pytest.mark.parametrize("name", ["if-none-match", "if-match"])
def test_what_is_posted_is_answered(server: Server, name: str) -> None:
    tag = server.client.get(f"/sparql?query={quote(SELECT)}").headers["etag"]
    for condition in (tag, "*", '"x"'):
        headers = {"content-type": DIRECT, name: condition}
        response = server.client.post("/sparql", content=SELECT, headers=headers)
        assert response.status_code == 200
        assert response.json()["results"]["bindings"]


@pytest.mark.parametrize(
    "path",
    [
        f"/sparql?query={quote(SELECT)}",
        "/sparql?query=SELECT(RAND()AS?x){}",
        "/sparql",
        "/rdf-graphs/graph/entities",
        "/entity/ruritania-aisi",
        "/dump.nt",
        "/dump.nt.gz",
        "/",
    ],
)
def test_only_what_the_client_knows(server: Server, path: str) -> None:
    # Twice, since an answer that is kept is sent in another way.
    for _ in range(2):
        tag = server.client.get(path).headers.get("etag", "")
        for method in ("GET", "HEAD"):
            refused = server.client.request(method, path, headers={"if-match": '"x", W/"y"'})
            assert refused.status_code == 412
            assert method == "HEAD" or refused.json()["code"] == "precondition-failed"
        assert server.client.get(path, headers={"if-match": "*"}).status_code == 200
        status = 200 if tag.startswith('"') else 412
        headers = {"if-match": ", ".join(filter(None, ['"x"', tag]))}
        assert server.client.get(path, headers=headers).status_code == status
    # Where there is nothing, there is no condition.
    assert server.client.get("/none", headers={"if-match": '"x"'}).status_code == 404


def test_a_part_of_the_file_that_the_client_knows(server: Server) -> None:
    tag = server.client.get("/dump.nt", headers={"accept-encoding": "identity"}).headers["etag"]
    for known, status in ((tag, 206), ('"x"', 412)):
        response = server.client.get("/dump.nt", headers={"range": "bytes=0-9", "if-match": known})
        assert response.status_code == status


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/sparql", "GET, HEAD, OPTIONS, POST"),
        ("/rdf-graphs", "GET, HEAD, OPTIONS"),
        ("/x", "GET, HEAD, OPTIONS"),
    ],
)
def test_options_and_preflight(server: Server, path: str, methods: str) -> None:
    headers = {
        "origin": "https://yasgui.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type, accept",
    }
    response = server.client.options(path, headers=headers)
    assert response.status_code == 204
    assert response.content == b""
    assert response.headers["allow"] == response.headers["access-control-allow-methods"] == methods
    assert response.headers["access-control-allow-origin"] == "*"
    allowed = response.headers["access-control-allow-headers"].lower()
    assert {"accept", "content-type"} <= {name.strip() for name in allowed.split(",")}


@pytest.mark.parametrize("text", [SELECT, "ASK {"], ids=["answer", "error"])
def test_a_script_of_another_site_may_read_it(server: Server, text: str) -> None:
    response = server.ask(text, headers={"origin": "https://yasgui.example"})
    assert response.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in response.headers


# The other parts of the service, which tests/web has in detail.


@pytest.mark.parametrize("media_type", TRIPLES)
def test_the_service_describes_itself(server: Server, media_type: str) -> None:
    response = server.client.get("/sparql", headers={"accept": media_type})
    found = rdflib.Dataset()
    found.parse(data=response.content, format=RDFLIB[media_type])
    endpoint = rdflib.URIRef("http://www.w3.org/ns/sparql-service-description#endpoint")
    (quad,) = found.quads((None, endpoint, None, None))
    assert str(quad[2]) == f"{server.url}/sparql"


@pytest.mark.parametrize(
    ("path", "triples"),
    [
        ("/rdf-graphs?graph=" + quote(TWO, safe=""), 2),
        ("/rdf-graphs/claim/concordia-2024/two", 2),
        ("/rdf-graphs?default", None),
    ],
)
def test_a_graph_is_sent(server: Server, path: str, triples: int | None) -> None:
    if triples is None:
        triples = int(server.ask(COUNT).json()["results"]["bindings"][0]["n"]["value"])
    found = rdflib.Graph().parse(data=server.client.get(path).content, format="turtle")
    assert len(found) == triples


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
def test_no_graph_is_changed(server: Server, method: str) -> None:
    is_problem(server.client.request(method, "/rdf-graphs?default"), 403, "update-refused")


def test_a_part_of_a_dump(server: Server) -> None:
    whole = server.client.get("/dump.nt").content
    part = server.client.get("/dump.nt", headers={"range": "bytes=10-19"})
    assert part.status_code == 206
    assert part.content == whole[10:20]


@pytest.mark.parametrize("path", ["/dump.nt.gz", "/dump.nt"])
def test_a_dump_is_compressed(server: Server, path: str) -> None:
    whole = server.client.get("/dump.nt", headers={"accept-encoding": "identity"}).content
    response = server.client.get(path, headers={"accept-encoding": "gzip"})
    if path.endswith(".gz"):
        assert gzip.decompress(response.content) == whole
    else:
        assert response.headers["content-encoding"] == "gzip"
        assert response.content == whole


def test_a_dump_that_was_not_built_is_not_there(server: Server) -> None:
    is_problem(server.client.get("/dump.ttl"), 404, "not-found")


def test_health(server: Server) -> None:
    told = server.client.get("/healthz").json()
    assert (told["ready"], told["version"], told["dataset"]) == (True, __version__, server.version)
    assert told["workers"] >= 4


@pytest.mark.parametrize("path", ["/entity/ruritania-aisi", "/claim/concordia-2024/one", "/ontology"])
def test_an_iri_of_the_dataset_is_answered(server: Server, path: str) -> None:
    response = server.client.get(path)
    assert response.status_code == 200
    assert len(rdflib.Graph().parse(data=response.content, format="turtle"))
