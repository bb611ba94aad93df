"""What the tests of all areas share.

Fixtures: ``checkout`` for files of the repository, ``project`` for the curated files as the program finds
them, ``report_path`` where a test needs the report itself; a test that asks for it is skipped on a machine
without it; ``library_quads`` for the dataset of tests/library/, which publishes the queries that stand
there; ``overview_quads`` for that of tests/overviews/, which publishes the project's own; ``real`` for the
project's data with all that is inferred; ``small_store`` for the dataset of tests/search/.
"""

import ipaddress
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from aisi_kg.graph.dataset import assemble, merge
from aisi_kg.graph.findings import Severity
from aisi_kg.graph.prefixes import INFERRED_GRAPH, META_GRAPH, load_prefixes
from aisi_kg.graph.rules import infer_rules, load_rules
from aisi_kg.project import Project, find_project
from aisi_kg.store.build import check
from aisi_kg.store.library.description import describe_library
from aisi_kg.store.library.reading import ReadLibrary, read_library
from aisi_kg.store.rulebook import describe_rules

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
def real(project: Project) -> Store:
    """Give the dataset as it is built, with queries and rules and without the numbers about itself."""
    checked = check(project)
    assert [str(f) for f in checked.findings if f.severity is Severity.ERROR] == []
    assert checked.inferred
    queries = describe_library(checked.library.queries.values())
    store = Store()
    described = [*queries, *describe_rules(load_rules(project))]
    store.extend(assemble(checked.files, checked.inferred, described))
    return store


@pytest.fixture(scope="session")
def small_store(checkout: Path) -> Store:
    """Give the dataset of tests/search/ with its merge."""
    store = Store()
    store.load(path=checkout / "tests" / "search" / "small.trig", format=RdfFormat.TRIG)
    store.bulk_extend(list(merge(store)))
    return store


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
