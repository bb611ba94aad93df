"""What one query can do to the server and to the others: nothing."""

import csv
import http.client
import io
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from urllib.parse import quote
from xml.etree import ElementTree as ET

import httpx
import pytest
from pyoxigraph import RdfFormat, parse
from tests.server.conftest import Serve, Server, until

ROWS = 20_000
JOINED = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(9))
# True of no row, which is known of none before it is made.
NEVER = "FILTER(CONCAT(STR(?c0), STR(?c8)) = 'none')"
RUNAWAY = f"SELECT (COUNT(*) AS ?n) {{ {JOINED} }}"
ENDLESS = f"SELECT * {{ {JOINED} }}"
# A row in some hundreds of candidates: they come all the time, and never as many as are allowed.
SELDOM = (
    "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l "
    'FILTER(STRSTARTS(SHA512(CONCAT(STR(?a), STR(?c), STR(?f), STR(?i), STR(?l))), "00")) }'
)


def problem(response: httpx.Response) -> tuple[int, str]:
    assert response.headers["content-type"] == "application/problem+json"
    return response.status_code, response.json()["code"]


def is_idle(server: Server) -> bool:
    return bool(server.client.get("/healthz").json()["workers_busy"] == 0)


# Time.

LIMIT_S = 1


@pytest.fixture(scope="module")
def hasty(serve: Serve) -> Iterator[Server]:
    """Serve with the shortest time for a query that can be set."""
    with serve({"AISI_KG_QUERY_TIMEOUT_S": str(LIMIT_S)}) as server:
        yield server


PLANNED = " ".join(f"{{ ?a <a:p{n}> ?b }} UNION {{ ?b <a:p{n}> ?a }}" for n in range(200))
WALK = "(!<a:b>|^!<a:b>)*"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(RUNAWAY, id="count"),
        pytest.param(f"ASK {{ {JOINED} {NEVER} }}", id="ask"),
        pytest.param(f"CONSTRUCT {{ ?a0 ?b0 'x' }} WHERE {{ {JOINED} {NEVER} }}", id="construct"),
        pytest.param(f"DESCRIBE ?a0 {{ {JOINED} {NEVER} }}", id="describe"),
        pytest.param(f"SELECT DISTINCT ?a0 {{ {JOINED} }}", id="distinct"),
        pytest.param(f"SELECT * {{ {{ SELECT (SUM(1) AS ?n) {{ {JOINED} }} }} }}", id="sub-select"),
        pytest.param(
            f"SELECT (COUNT(*) AS ?n) {{ ?a {WALK} ?b . ?c {WALK} ?d . ?e {WALK} ?f . ?g {WALK} ?h }}",
            id="path",
        ),
        pytest.param(f"SELECT * {{ {PLANNED} }}", id="planning"),
        pytest.param("SELECT (" + "+".join(["1"] * 16_000) + " AS ?n) {}", id="expression"),
    ],
)
def test_a_runaway_ends_at_its_limit(hasty: Server, text: str) -> None:
    started = time.monotonic()
    response = hasty.ask(text)
    assert time.monotonic() - started < LIMIT_S + 1
    assert problem(response) == (503, "query-timeout")
    assert f"{LIMIT_S} s" in response.json()["detail"]
    assert hasty.is_well()


# Memory.


PRODUCT = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
DOUBLED = " ".join(f"BIND(CONCAT({', '.join([f'?x{n}'] * 8)}) AS ?x{n + 1})" for n in range(12))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"SELECT * {PRODUCT} ORDER BY ?a ?l", id="order-by"),
        pytest.param(f"SELECT DISTINCT * {PRODUCT} ORDER BY ?a", id="distinct"),
        pytest.param(
            f"SELECT ?a ?d ?g ?l (COUNT(*) AS ?n) {PRODUCT} GROUP BY ?a ?c ?d ?f ?g ?i ?j ?l", id="group-by"
        ),
        pytest.param(f'SELECT (STRLEN(?x12) AS ?n) {{ BIND("aaaaaaaa" AS ?x0) {DOUBLED} }}', id="concat"),
        pytest.param(
            f'SELECT (REPLACE(REPLACE("{"a" * 4000}", "a", "{"b" * 4000}"), "b", "{"c" * 4000}") AS ?x) {{}}',
            id="replace",
        ),
    ],
)
def test_memory_is_bounded_and_others_are_answered_meanwhile(patient: Server, text: str) -> None:
    with ThreadPoolExecutor() as pool:
        ended = pool.submit(patient.ask, text)
        answered = 0
        while not ended.done() or not answered:
            assert patient.is_well()
            answered += 1
        assert problem(ended.result()) == (400, "memory-limit")


# Depth.


def nested(before: str, inner: str, after: str, depth: int) -> str:
    return before * depth + inner + after * depth


DEEP: dict[str, Callable[[int], str]] = {
    "parentheses": lambda n: f"ASK {{ FILTER({nested('(', '1', ')', n)}) }}",
    "not": lambda n: f"ASK {{ FILTER({'!' * n}true) }}",
    "minus": lambda n: f"SELECT ({'-' * n}1 AS ?x) {{}}",
    "braces": lambda n: f"ASK {nested('{', '', '}', n)}",
    "exists": lambda n: f"ASK {{ {nested('FILTER EXISTS { ', '?s ?p ?o', ' }', n)} }}",
    "not-exists": lambda n: f"ASK {{ {nested('FILTER NOT EXISTS { ', '?s ?p ?o', ' }', n)} }}",
    "sub-selects": lambda n: f"{nested('SELECT * { ', '?s ?p ?o', ' }', n)}",
    "braced-sub-selects": lambda n: f"ASK {nested('{ SELECT * { ', '?s ?p ?o', ' } }', n)}",
    "union": lambda n: f"ASK {{ {nested('{ ?s ?p ?o } UNION { ', '?s ?p ?o', ' }', n)} }}",
    "unions": lambda n: f"ASK {{ {' UNION '.join(['{ ?s ?p ?o }'] * n)} }}",
    "or": lambda n: f"ASK {{ FILTER({'||'.join(['?x'] * n)}) }}",
    "and": lambda n: f"ASK {{ FILTER({'&&'.join(['?x'] * n)}) }}",
    "in": lambda n: f"ASK {{ FILTER(1 IN ({','.join(['2'] * n)})) }}",
    "plus": lambda n: f"ASK {{ FILTER({'+'.join(['1'] * n)}) }}",
    "if": lambda n: f"ASK {{ FILTER({nested('IF(true, ', '1', ', 2)', n)}) }}",
    "path-brackets": lambda n: f"ASK {{ ?s {nested('(', '<a:b>', ')', n)} ?o }}",
    "path-stars": lambda n: f"ASK {{ ?s {nested('(', '<a:b>', ')*', n)} ?o }}",
    "path-alternatives": lambda n: f"ASK {{ ?s {'|'.join(['<a:b>'] * n)} ?o }}",
    "path-sequence": lambda n: f"ASK {{ ?s {'/'.join(['<a:b>'] * n)} ?o }}",
    "path-inverse": lambda n: f"ASK {{ ?s {nested('^(', '<a:b>', ')', n)} ?o }}",
    "optional": lambda n: f"ASK {{ {nested('OPTIONAL { ', '?s ?p ?o', ' }', n)} }}",
    "optionals": lambda n: f"ASK {{ {'OPTIONAL { } ' * n} }}",
    "graph": lambda n: f"ASK {{ {nested('GRAPH ?g { ', '?s ?p ?o', ' }', n)} }}",
    "minus-groups": lambda n: f"ASK {{ ?s ?p ?o {nested('MINUS { ?s ?p ?o ', '', ' }', n)} }}",
    "collections": lambda n: f"ASK {{ {nested('(', '1', ')', n)} ?p ?o }}",
    "blank-nodes": lambda n: f"ASK {{ {nested('[ ?p ', '1', ' ]', n)} ?p ?o }}",
    "quoted-triples": lambda n: f"ASK {{ {nested('<< ', '?a ?b ?c', ' ?p ?o >>', n)} ?p ?o }}",
    "binds": lambda n: (
        "SELECT * { BIND(1 AS ?x0) " + " ".join(f"BIND(?x{i} AS ?x{i + 1})" for i in range(n)) + " }"
    ),
    "unclosed": lambda n: "ASK { FILTER" + "(" * n,
    "unopened": lambda n: "ASK { " + "}" * n,
}


@pytest.mark.parametrize("depth", [150, 900, 2500])
@pytest.mark.parametrize("kind", DEEP)
def test_depth_is_refused_or_evaluated(hasty: Server, kind: str, depth: int) -> None:
    response = hasty.ask(DEEP[kind](depth))
    if response.status_code == 200:
        assert "boolean" in response.json() or response.json()["results"]["bindings"]
    else:
        assert problem(response) in [
            (400, "malformed-query"),
            (400, "query-too-complex"),
            (400, "memory-limit"),
            (413, "query-too-long"),
            (503, "query-timeout"),
        ]


@pytest.mark.parametrize("kind", ["parentheses", "braces", "exists", "sub-selects", "optional"])
def test_what_people_write_is_not_too_deep(server: Server, kind: str) -> None:
    assert server.ask(DEEP[kind](20)).status_code == 200


# Rows.

# An engine that leaves out a triple which it has given already does so here for none.
TRIPLES = (
    "CONSTRUCT { ?a ?b ?v } WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l "
    "BIND(CONCAT(STR(?c), STR(?d), STR(?e), STR(?f), STR(?g), STR(?h), STR(?i), STR(?j), STR(?l)) AS ?v) }"
)


def too_many(server: Server, text: str, media_type: str) -> bytes:
    """Ask by HTTP as it is; give what came before the answer broke off, which it has to."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("GET", "/sparql?query=" + quote(text), headers={"accept": media_type})
    response = connection.getresponse()
    assert response.status == 200
    assert response.headers["transfer-encoding"] == "chunked"
    came = bytearray()

    def read() -> None:
        while block := response.read1(1 << 16):
            came.extend(block)
        # The end without a last chunk is none to http.client either.
        came.extend(response.read())

    with (
        closing(connection),
        closing(response),
        pytest.raises((http.client.IncompleteRead, ConnectionResetError)),
    ):
        read()
    return bytes(came)


@pytest.mark.parametrize(
    ("text", "media_type"),
    [
        (ENDLESS, "application/sparql-results+json"),
        (ENDLESS, "application/sparql-results+xml"),
        (ENDLESS, "text/csv"),
        (ENDLESS, "text/tab-separated-values"),
        (TRIPLES, "text/turtle"),
        (TRIPLES, "application/n-triples"),
        (TRIPLES, "application/rdf+xml"),
        (TRIPLES, "application/ld+json"),
    ],
)
def test_too_many_rows_end_an_answer_so_that_its_client_sees_it(
    server: Server, text: str, media_type: str
) -> None:
    assert too_many(server, text, media_type)
    assert server.is_well()


@pytest.fixture(scope="module")
def few(serve: Serve) -> Iterator[Server]:
    """Serve ten rows and no more."""
    with serve({"AISI_KG_MAX_ROWS": "10", "AISI_KG_WEB_PROCESSES": "1"}) as server:
        yield server


def test_too_many_rows_are_told_while_they_can_be(few: Server) -> None:
    pairs = "SELECT ?a { ?a ?b ?c . ?d ?e ?f } LIMIT "
    for media_type in ("application/sparql-results+json", "text/csv"):
        assert few.ask(pairs + "10", media_type).status_code == 200
        assert problem(few.ask(pairs + "11", media_type)) == (400, "too-many-rows")
    triples = TRIPLES + " LIMIT "
    assert few.ask(triples + "10", "text/turtle").status_code == 200
    assert problem(few.ask(triples + "11", "text/turtle")) == (400, "too-many-rows")


@pytest.mark.parametrize(
    ("media_type", "rows"),
    [
        ("application/sparql-results+json", lambda body: len(json.loads(body)["results"]["bindings"])),
        (
            "application/sparql-results+xml",
            lambda body: len(
                ET.fromstring(body).findall(".//{http://www.w3.org/2005/sparql-results#}result")
            ),
        ),
        ("text/csv", lambda body: len(list(csv.reader(io.StringIO(body.decode(), newline="")))) - 1),
        ("text/tab-separated-values", lambda body: body.count(b"\n") - 1),
    ],
)
def test_as_many_rows_as_are_allowed(server: Server, media_type: str, rows: Callable[[bytes], int]) -> None:
    # Texts that look like the ends of rows.
    texts = r'''"},{" "\n" "\",\"" "{},{\"" "</result><result>"'''
    text = f"SELECT ?x ?a {{ VALUES ?x {{ {texts} }} ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }} LIMIT {ROWS}"
    response = server.ask(text, media_type)
    assert rows(response.content) == ROWS


def test_a_graph_is_bounded_too(few: Server) -> None:
    assert problem(few.client.get("/rdf-graphs?default")) == (400, "too-many-rows")
    graph = few.client.get("/rdf-graphs/claim/concordia-2024/two").content
    assert len(list(parse(graph, RdfFormat.TURTLE))) == 2


# Deadlines in the middle of an answer, and clients that leave.


@pytest.fixture(scope="module")
def patient(serve: Serve) -> Iterator[Server]:
    """Serve with limits that no query here reaches."""
    with serve({"AISI_KG_QUERY_TIMEOUT_S": "600", "AISI_KG_MAX_ROWS": str(10**11)}) as server:
        yield server


def test_a_deadline_ends_an_answer_so_that_its_client_sees_it(hasty: Server) -> None:
    started = time.monotonic()
    assert too_many(hasty, SELDOM, "text/csv")
    assert LIMIT_S - 0.5 < time.monotonic() - started < LIMIT_S + 1


@pytest.mark.parametrize("text", [RUNAWAY, ENDLESS], ids=["before-a-byte", "after-some"])
def test_a_client_that_leaves_frees_its_worker(patient: Server, text: str) -> None:
    data = f"GET /sparql?query={quote(text)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    with patient.connect() as connection:
        connection.sendall(data)
        until(lambda: not is_idle(patient))
        if text is ENDLESS:
            assert connection.recv(1024).startswith(b"HTTP/1.1 200 ")
    until(lambda: is_idle(patient))
    assert patient.is_well()


# Workers that end.


# What a worker's priority is lowered to once its query has run for 0.2 s.
LOW = 10


def long_at_work(server: Server) -> int:
    """Wait until a worker has had a query for a while, and give its process id."""
    found: list[int] = []

    def is_found() -> bool:
        workers = server.processes()[server.generation()]
        found[:] = [pid for pid in workers if os.getpriority(os.PRIO_PROCESS, pid) == LOW]
        return bool(found)

    until(is_found)
    (pid,) = found
    return pid


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV, signal.SIGABRT])
def test_a_worker_that_is_killed_is_replaced(patient: Server, number: int) -> None:
    with ThreadPoolExecutor() as pool:
        lost: Future[httpx.Response] = pool.submit(patient.ask, RUNAWAY)
        os.kill(long_at_work(patient), number)
        started = time.monotonic()
        assert patient.is_well()
        assert time.monotonic() - started < 2
        assert lost.result().status_code in (400, 503)
        assert problem(lost.result())[1] in ("query-failed", "query-too-complex", "memory-limit")
        until(lambda: is_idle(patient))
