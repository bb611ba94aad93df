"""Real servers on loopback over a small dataset (tests/query/tiny.trig).

Fixtures: ``server`` runs for all tests, with small limits; a test that ends something, or needs other limits,
starts its own with ``serve``. Tests name the classes below in annotations alone; a conftest is not imported.
"""

import http.client
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import IO, Any, NamedTuple, Protocol

import httpx
import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store

from aisi_kg import __version__
from aisi_kg.graph.dataset import merge, sorted_nquads
from aisi_kg.store.directory import DUMP_STEM, STORE_NAME, DatasetWriter, Manifest

READY = re.compile(rb"Serving dataset (\S+) at http://127\.0\.0\.1:(\d+); Ctrl-C stops\.\n")
PATIENCE_S = 30
#: The limits of ``server``. Every test may count on them.
LIMITS = {
    "AISI_KG_QUERY_TIMEOUT_S": "2",
    "AISI_KG_QUERY_MEMORY_BYTES": str(64 * 1024 * 1024),
    "AISI_KG_MAX_ROWS": "20000",
    "AISI_KG_MAX_BODY_BYTES": "65536",
    "AISI_KG_MAX_URL_BYTES": "8192",
    "AISI_KG_MAX_QUERY_BYTES": "32768",
    "AISI_KG_QUERY_SLOTS": "8",
    "AISI_KG_QUEUE_LENGTH": "64",
    "AISI_KG_WEB_PROCESSES": "2",
    "AISI_KG_REQUEST_TIMEOUT_S": "2",
    "AISI_KG_KEEP_ALIVE_S": "20",
}


class Answer(NamedTuple):
    """Hold an answer as it came over a socket; names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    def code(self) -> str:
        """Give the code of a problem, which every error has."""
        assert self.headers["content-type"] == "application/problem+json", self
        problem = json.loads(self.body)
        assert problem["status"] == self.status
        return str(problem["code"])


class _Bytes:
    """Show bytes to http.client as a socket does."""

    def __init__(self, data: bytes) -> None:
        self.file = io.BytesIO(data)
        # The end of a response is not the end of what came.
        self.file.close = lambda: None  # type: ignore[method-assign]

    def makefile(self, *_: Any) -> IO[bytes]:
        return self.file


def parsed(data: bytes, method: str = "GET") -> list[Answer]:
    """Cut what came over a socket into answers; whatever is none of them raises."""
    source, answers = _Bytes(data), []
    while source.file.tell() < len(data):
        response = http.client.HTTPResponse(source, method=method)  # type: ignore[arg-type]
        response.begin()
        body = response.read()
        answers.append(Answer(response.status, {n.lower(): v for n, v in response.getheaders()}, body))
    return answers


class Server:
    """Hold a server that runs."""

    def __init__(self, process: subprocess.Popen[bytes], version: str, port: int, log: Path) -> None:
        self.process = process
        self.version = version
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.log = log
        # One context for all clients: making it takes longer than a request.
        self.client = httpx.Client(base_url=self.url, timeout=PATIENCE_S, trust_env=False)

    def ask(self, text: str, accept: str | None = None, **more: Any) -> httpx.Response:
        """Ask a query by POST."""
        headers = {"content-type": "application/sparql-query", **more.pop("headers", {})}
        if accept is not None:
            headers["accept"] = accept
        return self.client.post("/sparql", content=text, headers=headers, **more)

    def is_well(self) -> bool:
        """Tell whether a query that nobody has asked before is answered."""
        response = self.ask(f"ASK {{}} # {time.monotonic_ns()}")
        return response.status_code == 200 and response.json()["boolean"] is True

    def metric(self, name: str) -> float:
        """Give the number that stands for a series in /metrics."""
        text = self.client.get("/metrics").text
        match = re.search(rf"^{name} (\S+)$", text, re.MULTILINE)
        assert match, text
        return float(match[1])

    def connect(self) -> socket.socket:
        """Open a connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE_S)

    def exchange(self, data: bytes) -> bytes:
        """Send bytes as they are; give all that comes until the server closes."""
        with self.connect() as connection:
            # The server may answer and close before it has read all of it.
            with suppress(ConnectionError):
                connection.sendall(data)
            return received(connection)

    def answer(self, data: bytes) -> Answer:
        """Send a request as it is, and give the one answer to it; the server has to close then."""
        method = data.partition(b" ")[0].decode("latin-1")
        (answer,) = parsed(self.exchange(data), method)
        return answer

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Send a signal; give what the server ended with."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)

    def processes(self) -> dict[int, list[int]]:
        """Give the processes below the supervisor, each with its children."""
        parents = all_processes()
        found: dict[int, list[int]] = {}
        below = [self.process.pid]
        while below:
            pid = below.pop()
            found[pid] = sorted(child for child, parent in parents.items() if parent == pid)
            below += found[pid]
        return found

    def generation(self) -> int:
        """Give the process id of the only generation."""
        (pid,) = self.processes()[self.process.pid]
        return pid


def received(connection: socket.socket) -> bytes:
    """Read all that comes until the other end closes; a reset is an end, too."""
    data = bytearray()
    with suppress(ConnectionError):
        while part := connection.recv(1 << 16):
            data += part
    return bytes(data)


def all_processes() -> dict[int, int]:
    """Give the parent of each process that runs."""
    if not Path("/proc/self/stat").exists():
        listing = subprocess.run(
            ["ps", "-A", "-o", "pid=", "-o", "ppid="], stdout=subprocess.PIPE, check=True
        ).stdout
        return {int(pid): int(parent) for pid, parent in (line.split() for line in listing.splitlines())}
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with suppress(OSError):
                state, parent = (entry / "stat").read_text().rpartition(")")[2].split()[:2]
                if state != "Z":
                    found[int(entry.name)] = int(parent)
    return found


def until(holds: Callable[[], object], seconds: float = PATIENCE_S) -> None:
    """Wait until something holds, which has no event that could be waited for."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, f"it does not hold after {seconds} s"
        time.sleep(0.02)


def write_dataset(checkout: Path, home: Path, number: int) -> str:
    """Write what tests/query/tiny.trig says, and a number, as the current dataset; give its version."""
    store = Store()
    store.load(path=checkout / "tests" / "query" / "tiny.trig", format=RdfFormat.TRIG)
    entity, graph = (NamedNode(f"https://w3id.org/aisi-kg/{name}") for name in ("entity/n", "graph/entities"))
    store.add(Quad(entity, NamedNode("http://e/number"), Literal(number), graph))
    quads = list(store)
    version = f"{__version__}+{number:012x}"
    whole = sorted_nquads([*quads, *merge(quads)])
    manifest = Manifest(
        version=version,
        package_version=__version__,
        ontology_version="0",
        input_sha256=f"{number:012x}" + "0" * 52,
        warnings=0,
        counts={},
        tools={},
    )
    with DatasetWriter(home) as writer:
        writer.write(STORE_NAME, [whole])
        writer.write(f"{DUMP_STEM}.nq", [whole])
        writer.write(
            f"{DUMP_STEM}.nt",
            [sorted_nquads(Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in merge(quads))],
        )
        writer.commit(manifest)
    return version


class Serve(Protocol):
    """Start a server, over a directory of datasets where one is given, with settings by their variables."""

    def __call__(
        self, settings: Mapping[str, str] | None = None, home: Path | None = None
    ) -> AbstractContextManager[Server]: ...


@pytest.fixture(scope="session")
def make_dataset(checkout: Path) -> Callable[[Path, int], str]:
    """Give the function that writes a dataset with a number in it."""
    return lambda home, number: write_dataset(checkout, home, number)


@pytest.fixture(scope="session")
def datasets(make_dataset: Callable[[Path, int], str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("datasets")
    make_dataset(home, 1)
    return home


@pytest.fixture(scope="session")
def serve(datasets: Path, tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """Give the function that starts a server; leaving its context ends the server."""

    @contextmanager
    def started(settings: Mapping[str, str] | None = None, home: Path | None = None) -> Iterator[Server]:
        directory = tmp_path_factory.mktemp("server")
        log = directory / "log"
        environment = {
            **os.environ,
            **LIMITS,
            "AISI_KG_DATASETS": str(home or datasets),
            "XDG_RUNTIME_DIR": str(directory),
            **(settings or {}),
        }
        with log.open("wb") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", "aisi_kg", "serve", "--port", "0"],
                env=environment,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            match = READY.fullmatch(line)
            assert match, (line, process.wait(PATIENCE_S), log.read_bytes())
            server = Server(process, match[1].decode(), int(match[2]), log)
            with server.client:
                yield server
        finally:
            if process.poll() is None:
                process.terminate()
            try:
                process.wait(PATIENCE_S)
            except subprocess.TimeoutExpired:
                process.kill()
            assert process.stdout is not None
            process.stdout.close()

    return started


@pytest.fixture(scope="session")
def server(serve: Serve) -> Iterator[Server]:
    with serve() as running:
        yield running
        # Whatever was sent to it: none of it met a fault of the program.
        assert running.metric("aisi_kg_server_errors_total") == 0
        assert b"Traceback" not in running.log.read_bytes()
