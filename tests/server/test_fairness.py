"""How those who ask at the same time share the server."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from tests.server.conftest import Serve, Server, until

JOINED = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(9))
RUNAWAY = f"SELECT (COUNT(*) AS ?n) {{ {JOINED} }}"
ENDLESS = f"SELECT * {{ {JOINED} }}"


def code(response: httpx.Response) -> str:
    return str(response.json()["code"]) if response.is_error else ""


@pytest.fixture(scope="module")
def roomy(serve: Serve) -> Iterator[Server]:
    """Serve with slots for some and a queue for more, with time enough that turns decide."""
    settings = {
        "AISI_KG_QUERY_SLOTS": "24",
        "AISI_KG_QUEUE_LENGTH": "200",
        "AISI_KG_QUERY_TIMEOUT_S": "4",
        "AISI_KG_MAX_ROWS": str(10**11),
        "AISI_KG_REQUEST_TIMEOUT_S": "15",
    }
    with serve(settings) as server:
        yield server


def test_runaways_keep_nobody_waiting(roomy: Server) -> None:
    with ThreadPoolExecutor(50) as pool:
        asked = [pool.submit(roomy.ask, f"{RUNAWAY} #{n}") for n in range(50)]
        until(lambda: roomy.metric("aisi_kg_workers_busy") >= 20)
        for _ in range(3):
            started = time.monotonic()
            assert roomy.is_well()
            assert time.monotonic() - started < 5
        ended = [answer.result() for answer in asked]
    assert {answer.status_code for answer in ended} == {503}
    # Some had to make room for the others, and are told to come again.
    for answer in ended:
        assert code(answer) in ("query-timeout", "overloaded")
        assert ("retry-after" in answer.headers) is (code(answer) == "overloaded")
    until(lambda: roomy.metric("aisi_kg_workers_busy") == 0)


def test_clients_that_do_not_read_keep_nobody_waiting(roomy: Server) -> None:
    with httpx.Client(base_url=roomy.url, timeout=30, trust_env=False) as client:
        streams = []
        for number in range(20):
            context = client.stream("GET", "/sparql", params={"query": f"{ENDLESS} #{number}"})
            streams.append((context, context.__enter__()))
        try:
            assert {stream.status_code for _, stream in streams} == {200}
            started = time.monotonic()
            assert roomy.is_well()
            assert time.monotonic() - started < 5
        finally:
            for context, _ in streams:
                context.__exit__(None, None, None)
    until(lambda: roomy.metric("aisi_kg_workers_busy") == 0)


def test_more_than_the_queue_holds_is_refused_at_once(serve: Serve) -> None:
    settings = {
        "AISI_KG_QUERY_SLOTS": "1",
        "AISI_KG_QUEUE_LENGTH": "2",
        "AISI_KG_WEB_PROCESSES": "1",
        "AISI_KG_QUERY_TIMEOUT_S": "2",
    }
    with serve(settings) as server, ThreadPoolExecutor(12) as pool:
        # By GET, as a worker is asked for these before the application is.
        texts = [f"{RUNAWAY} #{n}" for n in range(12)]
        asked = [pool.submit(server.client.get, "/sparql", params={"query": text}) for text in texts]
        refused = [answer.result() for answer in asked if code(answer.result()) == "too-many-queries"]
        assert len(refused) >= 8
        for answer in refused:
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) > 0
        assert server.metric("aisi_kg_queries_refused_total") == len(refused)
        assert server.metric("aisi_kg_queries_total") == len(asked) - len(refused)
        assert server.is_well()


def test_clients_take_turns(serve: Serve) -> None:
    settings = {
        "AISI_KG_QUERY_SLOTS": "1",
        "AISI_KG_QUEUE_LENGTH": "64",
        "AISI_KG_WEB_PROCESSES": "1",
        "AISI_KG_QUERY_TIMEOUT_S": "30",
        "AISI_KG_CLIENT_HEADER": "X-Forwarded-For",
    }
    # Each makes way after a second, so that the order in which they are ended is that of their turns.
    with serve(settings) as server, ThreadPoolExecutor(12) as pool:

        def ask(client: str, text: str) -> httpx.Response:
            return server.ask(text, headers={"x-forwarded-for": f"203.0.113.9, {client}"})

        many = [pool.submit(ask, "198.51.100.1", f"{RUNAWAY} #{n}") for n in range(8)]
        until(lambda: server.metric("aisi_kg_queries_waiting") >= 6)
        started = time.monotonic()
        other = ask("198.51.100.2", "ASK {} # an ordinary one")
        lasted = time.monotonic() - started
        assert other.json()["boolean"] is True
        # One of the eight ended for it, and the others still wait for their turns.
        assert lasted < 3.5
        assert sum(answer.done() for answer in many) <= 4
        server.process.kill()
        for answer in many:
            assert answer.exception() is not None or answer.result().status_code == 503
