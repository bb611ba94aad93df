"""What the tests of all areas share.

Fixtures: ``checkout`` for files of the repository, ``project`` for the curated files as the program finds
them, ``report_path`` where a test needs the report itself; a test that asks for it is skipped on a machine
without it; ``library_quads`` for the dataset of tests/library/, which publishes the queries that stand there.
"""

import ipaddress
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from aisi_kg.graph.dataset import merge
from aisi_kg.graph.prefixes import META_GRAPH, load_prefixes
from aisi_kg.project import Project, find_project
from aisi_kg.store.library.description import describe_library
from aisi_kg.store.library.reading import ReadLibrary, read_library

CHECKOUT = Path(__file__).resolve().parent.parent
REPORT_VARIABLE = "AISI_KG_REPORT"

# The tests are about this checkout with the default settings, whatever the shell that starts them has set;
# also for the programs that they start.
for name in [name for name in os.environ if name.startswith("AISI_KG_") and name != REPORT_VARIABLE]:
    del os.environ[name]

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
