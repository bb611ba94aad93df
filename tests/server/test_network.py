"""A query reaches nothing but the dataset: by what its text is refused, and by what holds below the text."""

import errno
import json
import os
import platform
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from tests.server.conftest import Server

HAS_FILTER = sys.platform == "linux" and platform.machine() in ("x86_64", "aarch64")


class Trap:
    """Listen, and tell whether anybody came."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/"

    def was_called(self) -> bool:
        return bool(select.select([self.listener], [], [], 0)[0])


@pytest.fixture
def trap() -> Iterator[Trap]:
    made = Trap()
    with made.listener:
        yield made
        assert not made.was_called()


def test_the_trap_would_catch(trap: Trap) -> None:
    port = trap.listener.getsockname()[1]
    with socket.create_connection(("127.0.0.1", port)):
        assert trap.was_called()
        trap.listener.accept()[0].close()


SERVICES = {
    "plain": "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "silent": "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "lower-case": "SELECT * { service <URL> { ?s ?p ?o } }",
    "mixed-case": "SELECT * { SeRvIcE <URL> { ?s ?p ?o } }",
    "glued": "SELECT*{SERVICE<URL>{?s ?p ?o}}",
    "glued-to-a-word": "SELECT*{FILTER(true)SERVICE<URL>{}}",
    "glued-to-a-boolean": "ASK{FILTER(1=1||true)SERVICE<URL>{}}",
    "comment": "SELECT * { SERVICE # a comment\n <URL> # another\n { ?s ?p ?o } }",
    "after-a-comment": "# SELECT\nSELECT * { # }\nSERVICE <URL> {} }",
    "after-a-string": "SELECT * { BIND('# \\' { ' AS ?x) SERVICE <URL> {} }",
    "after-a-long-string": 'SELECT * { BIND("""\n"" # \\" """ AS ?x) SERVICE <URL> {} }',
    "between-two-readings": "SELECT * { FILTER(1<'>')SERVICE<URL>{}FILTER(1='') }",
    "by-a-variable": "SELECT * { VALUES ?url { <URL> } SERVICE ?url { ?s ?p ?o } }",
    "by-a-bound-variable": "SELECT * { BIND(<URL> AS ?url) SERVICE ?url {} }",
    "by-a-name": "PREFIX : <URL> SELECT * { SERVICE : { ?s ?p ?o } }",
    "by-a-name-that-is-the-word": "PREFIX service: <URL> PREFIX : <URL> SELECT * { service:x {} }",
    "by-base": "BASE <URL> SELECT * { SERVICE <> { ?s ?p ?o } }",
    "escaped-letter": "SELECT * { \\u0053ERVICE <URL> {} }",
    "escaped-all": "SELECT * { \\u0053\\u0045\\u0052\\u0056\\u0049\\u0043\\u0045 <URL> {} }",
    "escaped-long": "SELECT * { \\U00000053ERVICE <URL> {} }",
    "long-s": "SELECT * { \u017fERVICE <URL> {} }",
    "optional": "SELECT * { OPTIONAL { SERVICE <URL> {} } }",
    "union": "SELECT * { {} UNION { SERVICE <URL> {} } }",
    "minus": "SELECT * { ?s ?p ?o MINUS { SERVICE <URL> { ?s ?p ?o } } }",
    "exists": "SELECT * { FILTER EXISTS { SERVICE <URL> {} } }",
    "sub-select": "SELECT * { { SELECT * { SERVICE <URL> {} } } }",
    "graph": "SELECT * { GRAPH ?g { SERVICE <URL> {} } }",
    "having": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o } HAVING (EXISTS { SERVICE <URL> {} })",
    "order-by": "SELECT * { ?s ?p ?o } ORDER BY (EXISTS { SERVICE <URL> {} })",
    "projection": "SELECT (EXISTS { SERVICE <URL> {} } AS ?x) {}",
    "construct": "CONSTRUCT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
    "describe": "DESCRIBE ?s { SERVICE <URL> { ?s ?p ?o } }",
    "carriage-returns": "SELECT * {\rSERVICE\r<URL>\r{} }",
    "comment-ended-by-cr": "SELECT * { #\rSERVICE <URL> {} }",
    "zero-width": "SELECT * { SER\u200bVICE <URL> {} }",
    "byte-order-mark": "\ufeffSELECT * { SERVICE <URL> {} }",
}


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_is_called(server: Server, trap: Trap, name: str) -> None:
    response = server.ask(SERVICES[name].replace("URL", trap.url))
    assert response.status_code in (400, 403)
    assert response.json()["code"] in ("service-refused", "malformed-query")
    if "\u200b" not in SERVICES[name] and "\ufeff" not in SERVICES[name]:
        assert response.json()["code"] == "service-refused"


@pytest.mark.parametrize(
    "text",
    [
        "LOAD <URL>",
        "LOAD SILENT <URL> INTO GRAPH <http://e/g>",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <URL> { ?s ?p ?o } }",
        "SELECT * { ?s ?p ?o } ; LOAD <URL>",
        "ASK {} LOAD <URL>",
    ],
)
def test_nothing_is_loaded(server: Server, trap: Trap, text: str) -> None:
    text = text.replace("URL", trap.url)
    assert server.ask(text).status_code in (400, 403)
    for headers, data in (
        ({"content-type": "application/sparql-update"}, text),
        ({"content-type": "application/x-www-form-urlencoded"}, urlencode({"update": text})),
    ):
        response = server.client.post("/sparql", content=data, headers=headers)
        assert (response.status_code, response.json()["code"]) == (403, "update-refused")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM <URL> { ?s ?p ?o }",
        "SELECT * FROM NAMED <URL> { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * { GRAPH <URL> { ?s ?p ?o } }",
        "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
        "DESCRIBE <URL>",
    ],
)
def test_the_name_of_a_graph_is_only_a_name(server: Server, trap: Trap, text: str) -> None:
    response = server.ask(
        text.replace("URL", trap.url), "application/sparql-results+json, application/n-triples"
    )
    assert response.status_code == 200
    assert b"root:" not in response.content
    if response.headers["content-type"] == "application/n-triples":
        assert response.content == b""
    else:
        assert response.json()["results"]["bindings"] == []


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri", "graph"])
def test_the_parameter_that_names_a_graph_fetches_nothing(server: Server, trap: Trap, name: str) -> None:
    path = "/rdf-graphs" if name == "graph" else "/sparql"
    response = server.client.get(path, params={"query": "ASK { ?s ?p ?o }", name: trap.url})
    assert response.status_code in (200, 404)
    assert response.status_code == 404 or response.json()["boolean"] is False


# Below the text.


# Is confined, and tells how, and by which error each of some calls fails.
CONFINED = """
import ctypes, json, os, socket, sys
from aisi_kg.store import sandbox

needs_files, has_filter = json.loads(sys.argv[1])
if not has_filter:
    sandbox._MACHINES.clear()
spare = socket.socket()
library = ctypes.CDLL(None, use_errno=True)

def call(name, *arguments):
    ctypes.set_errno(0)
    return ctypes.get_errno() if getattr(library, name)(*arguments) < 0 else 0

nobody = ctypes.create_string_buffer(bytes([socket.AF_INET, 0, 0, 0, 127, 0, 0, 1] + [0] * 8), 16)
program = (ctypes.c_char_p * 1)(None)
print(json.dumps([sandbox.confine(needs_files=needs_files), {
    "socket": call("socket", socket.AF_INET, socket.SOCK_STREAM, 0),
    "socket6": call("socket", socket.AF_INET6, socket.SOCK_DGRAM, 0),
    "unix": call("socket", socket.AF_UNIX, socket.SOCK_STREAM, 0),
    "connect": call("connect", spare.fileno(), nobody, 16),
    "bind": call("bind", spare.fileno(), nobody, 16),
    "listen": call("listen", spare.fileno(), 1),
    "execve": call("execve", b"/no/such/program", program, program),
    "kill": call("kill", os.getppid(), 0),
    "open": call("open", b"/dev/null", os.O_RDONLY),
}]))
"""


@pytest.mark.parametrize("needs_files", [True, False])
@pytest.mark.parametrize("has_filter", [True, False])
def test_a_confined_process_reaches_nothing(needs_files: bool, has_filter: bool) -> None:
    arguments = [sys.executable, "-c", CONFINED, json.dumps([needs_files, has_filter])]
    means, failed = json.loads(subprocess.run(arguments, capture_output=True, timeout=60, check=True).stdout)
    wanted = ["seccomp"] * (has_filter and HAS_FILTER) + ["descriptors"] * (not needs_files)
    assert means == "+".join(wanted)
    makes = errno.EACCES if "seccomp" in wanted else errno.EMFILE if wanted else 0
    assert [failed[name] for name in ("socket", "unix")] == [makes, makes]
    # A machine may have no sixth version.
    assert failed["socket6"] == makes or not wanted
    assert failed["open"] == (errno.EMFILE if "descriptors" in wanted else 0)
    for name in ("connect", "bind", "listen", "execve", "kill"):
        assert (failed[name] == errno.EACCES) is ("seccomp" in wanted)


def test_the_workers_of_a_server_are_confined(server: Server) -> None:
    assert server.is_well()
    children = server.processes()[server.generation()]
    # Those that stand back behind the web processes are the workers.
    own = min(os.getpriority(os.PRIO_PROCESS, pid) for pid in children)
    workers = [pid for pid in children if os.getpriority(os.PRIO_PROCESS, pid) > own]
    assert len(workers) >= 2
    for pid in workers if HAS_FILTER else ():
        status = Path(f"/proc/{pid}/status").read_text()
        assert "Seccomp:\t2" in status
        assert "NoNewPrivs:\t1" in status
        limits = Path(f"/proc/{pid}/limits").read_text()
        (files,) = (line.split()[3] for line in limits.splitlines() if line.startswith("Max open files"))
        assert files == "0"
