"""Fixtures: ``ask`` asks an application over a small dataset, in this process; see tests/query/tiny.trig.

``library_ask`` does over the dataset of tests/library/, which has stored queries; ``overview_ask`` over
that of tests/overviews/, which has the project's own.
"""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import Quad, RdfFormat, Store
from starlette.types import ASGIApp

from aisi_kg.graph.dataset import merge
from aisi_kg.project import Project
from aisi_kg.store.engine import Engine
from aisi_kg.store.export import export
from aisi_kg.store.export.jsonld import load_context
from aisi_kg.store.library.description import library_of
from aisi_kg.store.results import GRAPH_FORMATS, dataset_prefixes
from aisi_kg.web.app import create_app, create_site
from aisi_kg.web.evaluator import Evaluator
from aisi_kg.web.settings import Settings
from aisi_kg.web.site import DatasetInfo, Dump, Site

Ask = Callable[..., httpx.Response]
# What the fixtures of tests/conftest.py are.
Asking = Callable[[ASGIApp], Ask]
Inline = Callable[[Engine], Evaluator]


@pytest.fixture(scope="session")
def store(checkout: Path) -> Store:
    loaded = Store()
    loaded.load(path=checkout / "tests" / "query" / "tiny.trig", format=RdfFormat.TRIG)
    loaded.bulk_extend(list(merge(loaded)))
    return loaded


@pytest.fixture(scope="session")
def evaluator(store: Store, project: Project, inline: Inline) -> Evaluator:
    prefixes = dataset_prefixes(store)
    context = load_context(project)

    def write(format_: str, iri: str) -> bytes:
        return b"".join(export(store, format_, iri, prefixes=prefixes, context=context))

    return inline(Engine(store, prefixes, write))


@pytest.fixture(scope="session")
def dumps(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Dump]:
    directory = tmp_path_factory.mktemp("dumps")
    found = {}
    for format_ in GRAPH_FORMATS:
        path = directory / f"all.{format_.extension}"
        content = f"{format_.name} {'x' * 1000} end".encode()
        path.write_bytes(content)
        found[format_.extension] = Dump(path, hashlib.sha256(content).hexdigest())
    return found


@pytest.fixture(scope="session")
def make_ask(
    evaluator: Evaluator, store: Store, dumps: Mapping[str, Dump], asking: Asking
) -> Callable[..., Ask]:
    """Give a function that takes settings and gives what asks an application with them."""

    def make(**settings: Any) -> Ask:
        dataset = DatasetInfo("0.0.0+tiny", dataset_prefixes(store), dumps)
        return asking(create_app(create_site(evaluator, dataset, Settings(**settings))))

    return make


@pytest.fixture(scope="session")
def ask(make_ask: Callable[..., Ask]) -> Ask:
    return make_ask()


@pytest.fixture(scope="session")
def library_evaluator(library_quads: list[Quad], project: Project, inline: Inline) -> Evaluator:
    """Evaluate over the dataset of tests/library/."""
    store = Store()
    store.bulk_extend(library_quads)
    prefixes, context = dataset_prefixes(store), load_context(project)

    def write(format_: str, iri: str) -> bytes:
        return b"".join(export(store, format_, iri, prefixes=prefixes, context=context))

    return inline(Engine(store, prefixes, write))


@pytest.fixture(scope="session")
def make_library_ask(
    library_evaluator: Evaluator, library_quads: list[Quad], asking: Asking
) -> Callable[..., Ask]:
    """Give a function that takes settings and gives what asks about the dataset of tests/library/."""
    store = Store()
    store.bulk_extend(library_quads)
    dataset = DatasetInfo("0.0.0+library", dataset_prefixes(store), {}, library_of(store))

    def make(**settings: Any) -> Ask:
        return asking(create_app(create_site(library_evaluator, dataset, Settings(**settings))))

    return make


@pytest.fixture(scope="session")
def library_ask(make_library_ask: Callable[..., Ask]) -> Ask:
    return make_library_ask()


@pytest.fixture(scope="session")
def make_overview_site(overview_quads: list[Quad], project: Project, inline: Inline) -> Callable[..., Site]:
    """Give a function that takes settings and makes a site of the dataset of tests/overviews/."""
    store = Store()
    store.bulk_extend(overview_quads)
    prefixes, context = dataset_prefixes(store), load_context(project)

    def write(format_: str, iri: str) -> bytes:
        return b"".join(export(store, format_, iri, prefixes=prefixes, context=context))

    dataset = DatasetInfo("0.0.0+mini", prefixes, {}, library_of(store))
    evaluator = inline(Engine(store, prefixes, write))
    return lambda **settings: create_site(evaluator, dataset, Settings(**settings))


@pytest.fixture(scope="session")
def overview_ask(make_overview_site: Callable[..., Site], asking: Asking) -> Ask:
    """Give what asks about the dataset of tests/overviews/."""
    return asking(create_app(make_overview_site()))
