"""A small world to reason about.

Fixtures: ``tiny`` are the quads of ``tiny.trig``, ``whole`` those of the project's files, ``ontology`` the
triples of its ontology; ``quads`` and ``triples`` read a text with the project's prefixes, and ``claim:`` for
claims about the small world.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from aisi_kg.graph.dataset import asserted
from aisi_kg.graph.files import CuratedFiles, read_files
from aisi_kg.graph.prefixes import ONTOLOGY_GRAPH, Prefixes
from aisi_kg.project import Project

TINY = Path(__file__).with_name("tiny.trig")


@pytest.fixture(scope="session")
def files(project: Project) -> CuratedFiles:
    return read_files(project)


@pytest.fixture(scope="session")
def prefixes(files: CuratedFiles) -> Prefixes:
    return files.prefixes


@pytest.fixture(scope="session")
def whole(files: CuratedFiles) -> list[Quad]:
    return list(asserted(files))


@pytest.fixture(scope="session")
def ontology(whole: list[Quad]) -> list[Triple]:
    graph = NamedNode(ONTOLOGY_GRAPH)
    return [Triple(q.subject, q.predicate, q.object) for q in whole if q.graph_name == graph]


@pytest.fixture(scope="session")
def tiny() -> list[Quad]:
    return list(parse(path=TINY, format=RdfFormat.TRIG))


@pytest.fixture(scope="session")
def quads(prefixes: Prefixes) -> Callable[[str], list[Quad]]:
    names = {**prefixes, "claim": "https://w3id.org/aisi-kg/claim/tiny/"}
    head = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in names.items())

    def read(text: str) -> list[Quad]:
        return list(parse(head + text, RdfFormat.TRIG, rename_blank_nodes=True))

    return read


@pytest.fixture(scope="session")
def triples(quads: Callable[[str], list[Quad]]) -> Callable[[str], set[Triple]]:
    def read(text: str) -> set[Triple]:
        return {Triple(quad.subject, quad.predicate, quad.object) for quad in quads(text)}

    return read
