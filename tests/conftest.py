"""What the tests of all areas share.

Fixtures: ``checkout`` for files of the repository, ``project`` for the curated files as the program finds
them, ``report_path`` where a test needs the report itself; a test that asks for it is skipped on a machine
without it; ``library_quads`` for the dataset of tests/library/, which publishes the queries that stand
there; ``overview_quads`` for that of tests/overviews/, which publishes the project's own; ``built`` for a
directory of datasets with the project's, as it is built, and ``real`` for what is in it; ``small_store`` for
the dataset of tests/search/; ``asking`` and ``inline`` to ask an application in this process, without a
socket and without workers.
"""

import asyncio
import fcntl
import ipaddress
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import settings
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from starlette.types import ASGIApp

from aisi_kg.graph.dataset import merge
from aisi_kg.graph.prefixes import INFERRED_GRAPH, META_GRAPH, load_prefixes
from aisi_kg.graph.rules import infer_rules, load_rules
from aisi_kg.project import Project, find_project
from aisi_kg.store.compression import Encoding
from aisi_kg.store.directory import open_dataset
from aisi_kg.store.engine import Engine
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.library.description import describe_library
from aisi_kg.store.library.reading import ReadLibrary, read_library
from aisi_kg.store.results import Choice, Format
from aisi_kg.store.rulebook import describe_rules
from aisi_kg.web.evaluator import Answering

CHECKOUT = Path(__file__).resolve().parent.parent
REPORT_VARIABLE = "AISI_KG_REPORT"
HOST = "kg.example.org"

# The tests are about this checkout with the default settings, whatever the shell that starts them has set;
# also for the programs that they start.
for name in [name for name in os.environ if name.startswith("AISI_KG_") and name != REPORT_VARIABLE]:
    del os.environ[name]

# A shell that starts the tests in the background has them ignore Ctrl-C, and so would each program that they
# start and interrupt.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples in each run, so that a failure on one machine is one on all; and no deadline, since the
# time that an example takes is the machine's and not the code's.
settings.register_profile("aisi-kg", deadline=None, derandomize=True)
settings.load_profile("aisi-kg")


def _is_loopback(host: object) -> bool:
    if host in (None, "", b"", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


def _refuse_network(event: str, arguments: tuple[object, ...]) -> None:
    """Raise for whatever would leave the machine, so that a test cannot come to depend on it."""
    if event in ("socket.connect", "socket.sendto"):
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    else:
        return
    if not _is_loopback(host):
        raise RuntimeError(f"{event} to {host!r}: a test may speak to this machine alone.")


sys.addaudithook(_refuse_network)


# Asks: method, path and what httpx takes, and gives the response.
Ask = Callable[..., httpx.Response]


def ask_of(app: ASGIApp) -> Ask:
    """Ask an application without a socket."""

    def ask(method: str, path: str, accept: str | None = None, **options: Any) -> httpx.Response:
        async def request() -> httpx.Response:
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}") as client:
                # What httpx sends by itself would hide what a test means to leave out.
                del client.headers["accept"]
                del client.headers["accept-encoding"]
                if accept is not None:
                    client.headers["accept"] = accept
                return await client.request(method, path, **options)

        return asyncio.run(request())

    return ask


class InlineAnswer:
    """Hold an answer of the evaluator below."""

    encoding: Encoding = ""
    rows = 0

    def __init__(self) -> None:
        self.format: Format
        self.blocks: list[bytes] = []

    @property
    def whole(self) -> bytes | None:
        return b"".join(self.blocks) if len(self.blocks) < 2 else None

    def begin(self, format_: Format) -> None:
        self.format = format_

    def write(self, data: bytes, /) -> int:
        self.blocks.append(data)
        return len(data)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for block in self.blocks:
            yield block

    def close(self) -> None:
        """Hold nothing that would need it."""


class InlineEvaluator:
    """Evaluate at once, in the process of the tests, and remember what was asked.

    Real processes are those of tests/server.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.requests: list[QueryRequest] = []

    async def answer(
        self, request: QueryRequest, choice: Choice, *, encoding: Encoding = "", client: str = ""
    ) -> Answering:
        self.requests.append(request)
        answer = InlineAnswer()
        self._engine.answer(request, choice, answer)
        return answer

    async def document(self, iri: str, format_: str, *, client: str = "") -> bytes:
        return self._engine.document(iri, format_)


@pytest.fixture(scope="session")
def checkout() -> Path:
    """Give the root of the repository."""
    return CHECKOUT


@pytest.fixture(scope="session")
def project() -> Project:
    """Give the curated files of the checkout."""
    return find_project()


@pytest.fixture(scope="session")
def mini_library(checkout: Path, project: Project) -> ReadLibrary:
    """Read the queries of tests/library/."""
    return read_library(
        replace(project, queries=checkout / "tests" / "library" / "queries"), load_prefixes(project)
    )


@pytest.fixture(scope="session")
def library_quads(checkout: Path, mini_library: ReadLibrary) -> list[Quad]:
    """Give the dataset of tests/library/ with its merge and its description."""
    quads = list(parse(path=checkout / "tests" / "library" / "mini.trig", format=RdfFormat.TRIG))
    meta = NamedNode(META_GRAPH)
    triples = describe_library(mini_library.library.queries.values())
    quads.extend(Quad(triple.subject, triple.predicate, triple.object, meta) for triple in triples)
    return [*quads, *merge(quads)]


@pytest.fixture(scope="session")
def overview_quads(checkout: Path, project: Project) -> list[Quad]:
    """Give the dataset of tests/overviews/ as it would be built, with the project's own queries and rules."""
    quads = list(parse(path=checkout / "tests" / "overviews" / "mini.trig", format=RdfFormat.TRIG))
    inferred, meta = NamedNode(INFERRED_GRAPH), NamedNode(META_GRAPH)
    said = [quad for quad in quads if quad.graph_name not in (inferred, meta)]
    store = Store()
    store.bulk_extend(merge(said))
    quads += [Quad(t.subject, t.predicate, t.object, inferred) for t in infer_rules(store, project)]
    queries = read_library(project, load_prefixes(project)).library.queries.values()
    for triples in (describe_library(queries), describe_rules(load_rules(project))):
        quads += [Quad(t.subject, t.predicate, t.object, meta) for t in triples]
    return [*quads, *merge(quads)]


@pytest.fixture(scope="session")
def built(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the project's dataset, once for all processes that run tests side by side."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    home = folder / "built"
    command = [sys.executable, "-m", "aisi_kg", "build"]
    environment = {**os.environ, "AISI_KG_DATASETS": str(home)}
    with (folder / "built.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            done = subprocess.run(
                command, env=environment, cwd=checkout, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, done.stderr
    return home


@pytest.fixture(scope="session")
def real(built: Path) -> Store:
    """Load the project's dataset."""
    return open_dataset(built).load()


@pytest.fixture(scope="session")
def small_store(checkout: Path) -> Store:
    """Give the dataset of tests/search/ with its merge."""
    store = Store()
    store.load(path=checkout / "tests" / "search" / "small.trig", format=RdfFormat.TRIG)
    store.bulk_extend(list(merge(store)))
    return store


@pytest.fixture(scope="session")
def asking() -> Callable[[ASGIApp], Ask]:
    """Give a function that gives what asks an application."""
    return ask_of


@pytest.fixture(scope="session")
def inline() -> type[InlineEvaluator]:
    """Give the class of the evaluator, for tests with a store of their own."""
    return InlineEvaluator


@pytest.fixture(scope="session")
def report_path() -> Path:
    """Give the text of the report, or skip the test where nobody has put it."""
    named = os.environ.get(REPORT_VARIABLE)
    if named:
        path = Path(named)
        if not path.is_file():
            pytest.fail(f"{REPORT_VARIABLE} names {path}, which is no file.")
        return path
    path = CHECKOUT.parent / "shared" / "report" / "report.txt"
    if not path.is_file():
        pytest.skip(
            f"the report is somebody else's work and not part of the project: name it with {REPORT_VARIABLE}"
        )
    return path
