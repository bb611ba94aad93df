"""SERVICE with real processes: another endpoint of ours as the service, and hostile ones."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from tests.federation.conftest import ANSWER, Outside
from tests.server.conftest import PATIENCE_S, Serve, Server, until

NUMBER = "?n <http://e/number> ?number"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\n"
ANSWERED = HEAD + b"Content-Length: %d\r\n\r\n" % len(ANSWER) + ANSWER


def wait_for_end(connection: socket.socket) -> None:
    if not connection.recv(1):
        raise ConnectionError


def redirect(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n")


def endless(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"\r\n")
    while True:
        connection.sendall(b" " * 10_000)


@pytest.fixture(scope="module")
def hostile() -> Iterator[dict[str, Outside]]:
    """Give endpoints that are listed and do not do what they should."""
    made = {
        "slow": Outside(wait_for_end),
        "endless": Outside(endless),
        "redirecting": Outside(redirect),
        "closing": Outside(lambda connection: connection.sendall(HEAD + b"Content-Length: 9999\r\n\r\n{")),
        "page": Outside(
            lambda connection: connection.sendall(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nOK"
            )
        ),
        "well": Outside(lambda connection: connection.sendall(ANSWERED)),
    }
    yield made
    for each in made.values():
        each.close()


@pytest.fixture
def slow() -> Iterator[Outside]:
    made = Outside(wait_for_end)
    yield made
    made.close()


@pytest.fixture(scope="module")
def other(
    serve: Serve, make_dataset: Callable[[Path, int], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("other")
    make_dataset(home, 42)
    with serve(home=home) as running:
        yield running


@pytest.fixture(scope="module")
def joined(serve: Serve, other: Server, hostile: dict[str, Outside]) -> Iterator[Server]:
    addresses = [
        f"{other.url}/sparql",
        f"https://query.example.org/sparql={other.url}/sparql",
        *(each.url for each in hostile.values()),
    ]
    settings = {
        "AISI_KG_SERVICES": " ".join(addresses),
        "AISI_KG_SERVICE_TIMEOUT_S": "1",
        "AISI_KG_SERVICE_BYTES": "100000",
        "AISI_KG_SERVICE_CALLS": "3",
        "AISI_KG_QUERY_TIMEOUT_S": "20",
    }
    with serve(settings) as running:
        yield running
        assert running.metric("aisi_kg_server_errors_total") == 0
        assert b"Traceback" not in running.log.read_bytes()


def service(url: str, pattern: str = NUMBER) -> str:
    return f"SERVICE <{url}> {{ {pattern} }}"


def code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["code"]


def test_two_endpoints_are_joined(joined: Server, other: Server) -> None:
    own = joined.ask(f"SELECT ?number {{ {NUMBER} }}").json()["results"]["bindings"][0]["number"]["value"]
    assert own == "1"
    there = service(other.url + "/sparql", "?n <http://e/number> ?there")
    text = f"SELECT ?n ?number ?there {{ {NUMBER} {there} }}"
    response = joined.ask(text)
    assert response.status_code == 200
    (row,) = response.json()["results"]["bindings"]
    assert (row["number"]["value"], row["there"]["value"]) == ("1", "42")
    # What another says may change at any time.
    assert response.headers["cache-control"] == "no-store"
    assert "etag" not in response.headers


def test_an_address_stands_for_another(joined: Server) -> None:
    response = joined.ask(f"SELECT ?number {{ {service('https://query.example.org/sparql')} }}", "text/csv")
    assert response.text.split() == ["number", "42"]


def test_each_way_to_ask_has_services(joined: Server, other: Server) -> None:
    text = f"SELECT ?number {{ {service(other.url + '/sparql')} }}"
    asked = joined.client.get("/sparql", params={"query": text, "format": "csv"})
    assert asked.text.split() == ["number", "42"]
    form = joined.client.post("/sparql", data={"query": f"ASK {{ {service(other.url + '/sparql')} }}"})
    assert form.json()["boolean"] is True


FAILURES = {
    "slow": (504, "service-timeout"),
    "endless": (502, "service-failed"),
    "redirecting": (502, "service-failed"),
    "closing": (502, "service-failed"),
    "page": (502, "service-failed"),
}


@pytest.mark.parametrize("name", FAILURES)
def test_a_hostile_service_harms_nobody(joined: Server, hostile: dict[str, Outside], name: str) -> None:
    url = hostile[name].url
    response = joined.ask(f"SELECT * {{ {service(url)} }}")
    assert code(response) == FAILURES[name]
    assert url in response.json()["detail"]
    silent = joined.ask(
        f"SELECT ?number {{ {NUMBER} SERVICE SILENT <{url}> {{ ?n <http://e/p> ?v }} }}", "text/csv"
    )
    assert (silent.status_code, silent.text.split()) == (200, ["number", "1"])
    if name in ("slow", "endless"):
        assert hostile[name].was_left.wait(PATIENCE_S)
    assert joined.is_well()


@pytest.mark.parametrize("silent", ["", "SILENT "])
@pytest.mark.parametrize("where", ["{0}/", "{0}?x", "http://127.0.0.1:{1}/", "http://localhost:{1}/sparql"])
def test_what_is_not_listed_is_not_called(
    joined: Server, hostile: dict[str, Outside], where: str, silent: str
) -> None:
    well = hostile["well"]
    before = len(well.requests)
    url = where.format(well.url, well.port)
    response = joined.ask(f"SELECT * {{ SERVICE {silent}<{url}> {{ ?s ?p ?o }} }}")
    assert code(response) == (403, "service-refused")
    assert "AISI_KG_SERVICES" in response.json()["detail"]
    assert response.json()["line"] == 1
    assert len(well.requests) == before


def test_a_variable_is_not_called(joined: Server, hostile: dict[str, Outside]) -> None:
    well = hostile["well"]
    before = len(well.requests)
    response = joined.ask(f"SELECT * {{ VALUES ?s {{ <{well.url}> }} SERVICE ?s {{ ?x ?p ?o }} }}")
    assert code(response) == (403, "service-refused")
    assert len(well.requests) == before


def test_without_a_list_nothing_is_called(server: Server, hostile: dict[str, Outside]) -> None:
    well = hostile["well"]
    before = len(well.requests)
    response = server.ask(f"SELECT * {{ {service(well.url)} }}")
    assert code(response) == (403, "service-refused")
    assert "AISI_KG_SERVICES" in response.json()["detail"]
    assert len(well.requests) == before


def test_so_many_calls_and_no_more(joined: Server, hostile: dict[str, Outside]) -> None:
    well = hostile["well"]
    before = len(well.requests)
    parts = [f"{{ {service(well.url, f'?i <http://e/{n}> ?v')} }}" for n in range(4)]
    response = joined.ask(f"SELECT * {{ {' UNION '.join(parts)} }}")
    assert code(response) == (400, "too-many-service-calls")
    assert len(well.requests) == before + 3


def test_a_client_that_leaves_ends_the_call(serve: Serve, slow: Outside) -> None:
    with serve(
        {"AISI_KG_SERVICES": slow.url, "AISI_KG_SERVICE_TIMEOUT_S": "600", "AISI_KG_QUERY_TIMEOUT_S": "600"}
    ) as running:
        text = f"SELECT * {{ {service(slow.url)} }}".encode()
        with running.connect() as connection:
            connection.sendall(
                b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (len(text), text)
            )
            assert slow.came.wait(PATIENCE_S)
            assert not slow.was_left.is_set()
        assert slow.was_left.wait(PATIENCE_S)
        assert running.is_well()


def test_the_time_of_the_query_ends_the_call(serve: Serve, slow: Outside) -> None:
    with serve(
        {"AISI_KG_SERVICES": slow.url, "AISI_KG_SERVICE_TIMEOUT_S": "600", "AISI_KG_QUERY_TIMEOUT_S": "1"}
    ) as running:
        response = running.ask(f"SELECT * {{ SERVICE SILENT <{slow.url}> {{ ?s ?p ?o }} }}")
        assert code(response) == (503, "query-timeout")
        assert slow.was_left.wait(PATIENCE_S)


def test_queries_that_wait_for_a_service_keep_nobody_waiting(serve: Serve, slow: Outside) -> None:
    """As many as there are slots wait, and one more is asked: the oldest of them makes way."""
    settings = {
        "AISI_KG_SERVICES": slow.url,
        "AISI_KG_QUERY_TIMEOUT_S": "600",
        "AISI_KG_SERVICE_TIMEOUT_S": "600",
        "AISI_KG_QUERY_SLOTS": "2",
        "AISI_KG_WEB_PROCESSES": "1",
    }
    text = f"SELECT * {{ {service(slow.url)} }}".encode()
    with serve(settings) as running:
        held = [running.connect() for _ in range(2)]
        for connection in held:
            connection.sendall(
                b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
                b"Content-Length: %d\r\n\r\n%b" % (len(text), text)
            )
        until(lambda: len(slow.requests) == 2)
        assert running.is_well()
        for connection in held:
            connection.close()


def test_the_description_tells_of_services(joined: Server, server: Server) -> None:
    for running, has in ((joined, True), (server, False)):
        text = running.client.get("/sparql", headers={"accept": "application/n-triples"}).text
        assert ("#BasicFederatedQuery" in text) is has
        assert ('"service_calls"' in text) is has


def test_calls_are_counted(joined: Server, hostile: dict[str, Outside]) -> None:
    names = ("aisi_kg_service_calls_total", "aisi_kg_service_failures_total")
    calls, failures = map(joined.metric, names)
    joined.ask(f"SELECT * {{ {service(hostile['well'].url, '?i ?p ?v')} }}")
    joined.ask(f"SELECT * {{ {service(hostile['page'].url)} }}")
    assert tuple(map(joined.metric, names)) == (calls + 2, failures + 1)


def run_query(datasets: Path, text: str, services: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "aisi_kg", "query", "--format", "json", "-e", text],
        env={
            **os.environ,
            "AISI_KG_DATASETS": str(datasets),
            "AISI_KG_SERVICES": services,
            "AISI_KG_SERVICE_TIMEOUT_S": "1",
        },
        capture_output=True,
        timeout=PATIENCE_S * 2,
        check=False,
    )


def test_the_command_line_has_the_same_rule(
    datasets: Path, other: Server, hostile: dict[str, Outside]
) -> None:
    text = f"SELECT ?number {{ {service(other.url + '/sparql')} }}"
    found = run_query(datasets, text, f"{other.url}/sparql")
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout)["results"]["bindings"][0]["number"]["value"] == "42"
    refused = run_query(datasets, text, "")
    assert refused.returncode != 0
    assert b"AISI_KG_SERVICES" in refused.stderr
    failed = run_query(datasets, f"SELECT * {{ {service(hostile['slow'].url)} }}", hostile["slow"].url)
    assert failed.returncode != 0
    assert b"longer than 1 s" in failed.stderr
    assert b"Traceback" not in refused.stderr + failed.stderr
