"""Queries that are answered without a worker: nobody can tell by the answer."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from urllib.parse import quote

import pytest
from tests.server.conftest import Answer, Serve, Server

PREFIXES = (
    "PREFIX aisi: <https://w3id.org/aisi-kg/ontology#> "
    "PREFIX entity: <https://w3id.org/aisi-kg/entity/> "
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
)
PLAIN = PREFIXES + "SELECT ?p ?o { entity:ruritania-aisi ?p ?o }"
# The same for the engine: braces within braces are not looked up.
NESTED = PREFIXES + "SELECT ?p ?o { { entity:ruritania-aisi ?p ?o } }"
_numbers = count()


@pytest.fixture(scope="module")
def alone(serve: Serve) -> Iterator[Server]:
    """Serve by one web process, behind what says who asks."""
    with serve({"AISI_KG_WEB_PROCESSES": "1", "AISI_KG_CLIENT_HEADER": "X-Forwarded-For"}) as server:
        yield server


def new(text: str) -> str:
    """Make a query that nobody has asked before."""
    return f"{text} # {next(_numbers)}"


def ask(server: Server, text: str, *headers: str, method: str = "GET", more: str = "") -> Answer:
    lines = [f"{method} /sparql?query={quote(text)}{more} HTTP/1.1", "Host: a", "Connection: close", *headers]
    return server.answer("\r\n".join([*lines, "", ""]).encode())


def lookups(server: Server) -> float:
    return server.metric("aisi_kg_lookups_total")


def test_a_plain_query_is_looked_up_whichever_way_it_comes(alone: Server) -> None:
    text = new(PLAIN)
    before, queries = lookups(alone), alone.metric("aisi_kg_queries_total")
    answers = [
        ask(alone, text, "Accept: application/json"),
        ask(alone, new(PLAIN), "If-None-Match: other"),
        ask(alone, new(PLAIN), "X-Forwarded-For: 203.0.113.1, 203.0.113.2"),
        ask(alone, new(PLAIN), "Connection: close"),
    ]
    assert lookups(alone) == before + 4
    assert alone.metric("aisi_kg_queries_total") == queries
    assert {answer.status for answer in answers} == {200}
    assert len({answer.body for answer in answers}) == 1
    rows = json.loads(answers[0].body)["results"]["bindings"]
    assert len(rows) > 2
    nested = ask(alone, new(NESTED))
    assert lookups(alone) == before + 4
    assert alone.metric("aisi_kg_queries_total") == queries + 1
    assert sorted(map(str, json.loads(nested.body)["results"]["bindings"])) == sorted(map(str, rows))
    assert nested.headers.keys() == answers[0].headers.keys()


def test_the_same_question_has_the_same_tag_and_bytes_by_every_way(alone: Server) -> None:
    text = new(PLAIN)
    first = ask(alone, text)
    kept = ask(alone, text)
    assert (first.body, first.headers["etag"]) == (kept.body, kept.headers["etag"])
    plain = {"Accept-Encoding": "identity"}
    head = alone.client.head("/sparql", params={"query": text}, headers=plain)
    assert head.headers["etag"] == first.headers["etag"]
    assert head.headers["content-length"] == str(len(first.body))
    posted = alone.client.post("/sparql", data={"query": text}, headers=plain)
    assert posted.content == first.body
    assert ask(alone, text, f"If-None-Match: {first.headers['etag']}").status == 304


def test_a_dataset_of_its_own_is_heeded(alone: Server) -> None:
    graph = quote("https://w3id.org/aisi-kg/claim/concordia-2024/one", safe="")
    answer = ask(alone, PLAIN, more=f"&default-graph-uri={graph}")
    assert len(json.loads(answer.body)["results"]["bindings"]) == 1
    assert ask(alone, PLAIN, more=f"&named-graph-uri={graph}").body != answer.body


def test_lookups_go_on_while_all_workers_are_busy(alone: Server) -> None:
    runaway = "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(9)) + " }"
    with ThreadPoolExecutor(24) as pool:
        long_ones = [pool.submit(ask, alone, new(runaway)) for _ in range(24)]
        for _ in range(50):
            assert ask(alone, new(PLAIN)).status == 200
        assert all(answer.result().status in (503, 400) for answer in long_ones)


def test_a_limit_of_rows_holds_for_what_is_looked_up(serve: Serve) -> None:
    with serve({"AISI_KG_MAX_ROWS": "2"}) as server:
        assert ask(server, PLAIN).code() == "too-many-rows"
        assert ask(server, PLAIN + " LIMIT 2").status == 200
