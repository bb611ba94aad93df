"""The server as a process of its own, on a socket of this machine."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from aisi_kg import __version__

Run = Callable[..., subprocess.CompletedProcess[bytes]]

READY = re.compile(rb"Serving dataset (\S+) at http://(\S+):(\d+); Ctrl-C stops\.\n")
PAIRS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(9)) + " }"


class Server:
    """Hold a server that runs."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port
        self.url = f"http://127.0.0.1:{port}"

    def stop(self, number: int) -> tuple[int, bytes]:
        """Send a signal; give what the server ended with and what it said."""
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=60)
        return self.process.returncode, errors

    def send(self, data: bytes) -> bytes:
        """Send bytes as they are; give all that comes until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            connection.sendall(data)
            received = b""
            while part := connection.recv(65536):
                received += part
            return received


@contextmanager
def serving(environment: dict[str, str], *arguments: str) -> Iterator[Server]:
    process = subprocess.Popen(
        [sys.executable, "-m", "aisi_kg", "serve", "--port", "0", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        match = READY.fullmatch(line)
        assert match, (line, process.communicate(timeout=60)[1])
        yield Server(process, int(match[3]))
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=60)


@pytest.fixture(scope="module")
def server(datasets: Path) -> Iterator[Server]:
    environment = {**os.environ, "AISI_KG_DATASETS": str(datasets), "AISI_KG_QUERY_SLOTS": "4"}
    with serving(environment) as running:
        yield running


def test_it_answers(server: Server) -> None:
    assert httpx.get(f"{server.url}/healthz").json()["version"] == __version__
    text = "PREFIX aisi: <https://w3id.org/aisi-kg/ontology#> SELECT ?n { ?s aisi:staffCount ?n }"
    for response in (
        httpx.get(f"{server.url}/sparql", params={"query": text}),
        httpx.post(f"{server.url}/sparql", data={"query": text}),
        httpx.post(
            f"{server.url}/sparql", content=text, headers={"content-type": "application/sparql-query"}
        ),
    ):
        assert response.status_code == 200
        assert response.json()["results"]["bindings"][0]["n"]["value"] == "12"
    assert "staffCount 12" in httpx.get(f"{server.url}/entity/ruritania-aisi").text
    assert httpx.get(f"{server.url}/dump.nt").text == "<http://e/a> <http://e/b> 1 .\n"
    assert httpx.get(f"{server.url}/dump.ttl").status_code == 404
    assert "server" not in httpx.get(f"{server.url}/healthz").headers


def test_head_has_no_body(server: Server) -> None:
    for path in ("/sparql?query=ASK{}", "/sparql", "/entity/ruritania-aisi", "/dump.nt", "/healthz"):
        request = f"HEAD {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        received = server.send(request.encode())
        assert received.startswith(b"HTTP/1.1 200 OK\r\n")
        assert received.endswith(b"\r\n\r\n")
        assert b"content-length: 0" not in received.lower()


def test_a_large_answer_is_streamed_to_its_end(server: Server) -> None:
    with httpx.stream("GET", f"{server.url}/sparql", params={"query": PAIRS}, timeout=60) as response:
        assert response.headers["transfer-encoding"] == "chunked"
        data = b"".join(response.iter_bytes())
    assert len(data) > 10_000_000
    assert len(json.loads(data)["results"]["bindings"]) > 30**3


def test_clients_that_leave_make_room_for_others(server: Server) -> None:
    # Twice as many as there are threads; each leaves after the first block.
    for _ in range(4):
        with httpx.stream("GET", f"{server.url}/sparql", params={"query": PAIRS}, timeout=60) as response:
            assert next(response.iter_bytes())
    assert httpx.get(f"{server.url}/sparql", params={"query": "ASK {}"}, timeout=60).json()["boolean"] is True


def test_a_query_of_many_levels_ends_nothing(server: Server) -> None:
    headers = {"content-type": "application/sparql-query"}
    for text in (
        # Each of the first two would end a thread with the usual stack, and the process with it.
        "ASK {" + "OPTIONAL{}" * 9_000 + "}",
        "ASK { ?s <a:b>" + "|<a:b>" * 15_000 + " ?o }",
        "ASK { FILTER(" + "!" * 150 + "?a) }",
        "ASK " + "{" * 190 + "}" * 190,
        "ASK { ?s " + "(" * 190 + "<http://e/a>" + ")" * 190 + " ?o }",
        "ASK {" + "FILTER NOT EXISTS {" * 190 + "}" * 191,
        "ASK {" + "{SELECT*" * 95 + "{}" + "}" * 96,
        "ASK {" + "(" * 200_000,
    ):
        response = httpx.post(f"{server.url}/sparql", content=text, headers=headers, timeout=120)
        assert response.status_code in (200, 400, 413), text[:60]
    assert server.process.poll() is None


@pytest.mark.parametrize(
    "framing",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: -1\r\n",
        b"Transfer-Encoding: chunked, identity\r\n",
    ],
)
def test_a_request_within_a_request_is_not_answered(server: Server, framing: bytes) -> None:
    hidden = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    head = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
    received = server.send(head + framing + b"\r\n0\r\n\r\n" + hidden)
    assert received.startswith(b"HTTP/1.1 400 ")
    assert b'"ready":true' not in received
    assert received.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_well(environment: dict[str, str], number: int) -> None:
    with serving(environment) as running:
        assert httpx.get(f"{running.url}/healthz").status_code == 200
        status, said = running.stop(number)
        assert status == 0
        assert re.fullmatch(rb"\S+Z [0-9.]+ms GET /healthz 200 sent\n", said)


def test_a_signal_ends_it_though_a_query_does_not_end(environment: dict[str, str]) -> None:
    with serving(environment) as running:
        with socket.create_connection(("127.0.0.1", running.port), timeout=60) as connection:
            path = httpx.URL("/sparql", params={"query": ENDLESS}).raw_path
            connection.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
            # Answered after the query has been taken up: one event loop takes them in order.
            assert httpx.get(f"{running.url}/healthz").status_code == 200
            status, _ = running.stop(signal.SIGTERM)
        assert status == 0


def test_a_port_in_use_is_told(run: Run, server: Server) -> None:
    done = run("serve", "--port", str(server.port))
    assert done.returncode == 1
    assert done.stdout == b""
    message = done.stderr.decode()
    assert message.startswith(f"aisi-kg: Port {server.port} of 127.0.0.1 cannot be used")
    assert "another program has it" in message
    assert message.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "variables", "words"),
    [
        (["--host", "300.1.1.1"], {}, "300.1.1.1 is no address of this machine"),
        (["--host", "192.0.2.1"], {}, "Port 0 of 192.0.2.1 cannot be used"),
        (["--dataset", "none"], {}, "There is no dataset in"),
        (
            [],
            {"AISI_KG_QUERY_SLOTS": "0"},
            "AISI_KG_QUERY_SLOTS is 0; set it to a whole number from 1 to 1024",
        ),
        ([], {"AISI_KG_PUBLIC_URL": "here"}, "AISI_KG_PUBLIC_URL is here"),
    ],
)
def test_what_cannot_be_served(run: Run, arguments: list[str], variables: dict[str, str], words: str) -> None:
    done = run("serve", "--port", "0", *arguments, env=variables)
    assert done.returncode == 1
    assert done.stdout == b""
    message = done.stderr.decode()
    assert message.startswith("aisi-kg: ")
    assert words in message
    assert message.count("\n") == 1
