"""Fixtures: ``ask`` asks an application over a small dataset, in this process; see tests/query/tiny.trig.

``library_ask`` does over the dataset of tests/library/, which has stored queries; ``overview_ask`` over
that of tests/overviews/, which has the project's own.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import Quad, RdfFormat, Store
from starlette.types import ASGIApp

from aisi_kg.graph.dataset import merge
from aisi_kg.project import Project
from aisi_kg.store.compression import Encoding
from aisi_kg.store.engine import Engine
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.export import export
from aisi_kg.store.export.jsonld import load_context
from aisi_kg.store.library.description import library_of
from aisi_kg.store.results import GRAPH_FORMATS, Choice, Format, dataset_prefixes
from aisi_kg.web.app import create_app, create_site
from aisi_kg.web.evaluator import Answering
from aisi_kg.web.settings import Settings
from aisi_kg.web.site import DatasetInfo, Dump, Site

HOST = "kg.example.org"

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
    """Evaluate at once, in the process of the tests; tests/server has real processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def answer(
        self, request: QueryRequest, choice: Choice, *, encoding: Encoding = "", client: str = ""
    ) -> Answering:
        answer = InlineAnswer()
        self._engine.answer(request, choice, answer)
        return answer

    async def document(self, iri: str, format_: str, *, client: str = "") -> bytes:
        return self._engine.document(iri, format_)


@pytest.fixture(scope="session")
def asking() -> Callable[[ASGIApp], Ask]:
    """Give a function that gives what asks an application."""
    return ask_of


@pytest.fixture(scope="session")
def inline() -> type[InlineEvaluator]:
    """Give the class of the evaluator, for tests with a store of their own."""
    return InlineEvaluator


@pytest.fixture(scope="session")
def store(checkout: Path) -> Store:
    loaded = Store()
    loaded.load(path=checkout / "tests" / "query" / "tiny.trig", format=RdfFormat.TRIG)
    loaded.bulk_extend(list(merge(loaded)))
    return loaded


@pytest.fixture(scope="session")
def evaluator(store: Store, project: Project) -> InlineEvaluator:
    prefixes = dataset_prefixes(store)
    context = load_context(project)

    def write(format_: str, iri: str) -> bytes:
        return b"".join(export(store, format_, iri, prefixes=prefixes, context=context))

    return InlineEvaluator(Engine(store, prefixes, write))


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
def make_ask(evaluator: InlineEvaluator, store: Store, dumps: Mapping[str, Dump]) -> Callable[..., Ask]:
    """Give a function that takes settings and gives what asks an application with them."""

    def make(**settings: Any) -> Ask:
        dataset = DatasetInfo("0.0.0+tiny", dataset_prefixes(store), dumps)
        return ask_of(create_app(create_site(evaluator, dataset, Settings(**settings))))

    return make


@pytest.fixture(scope="session")
def ask(make_ask: Callable[..., Ask]) -> Ask:
    return make_ask()


class RecordingEvaluator(InlineEvaluator):
    """Remember what was asked."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.requests: list[QueryRequest] = []

    async def answer(
        self, request: QueryRequest, choice: Choice, *, encoding: Encoding = "", client: str = ""
    ) -> Answering:
        self.requests.append(request)
        return await super().answer(request, choice, encoding=encoding, client=client)


@pytest.fixture(scope="session")
def library_evaluator(library_quads: list[Quad], project: Project) -> RecordingEvaluator:
    """Evaluate over the dataset of tests/library/."""
    store = Store()
    store.bulk_extend(library_quads)
    prefixes, context = dataset_prefixes(store), load_context(project)

    def write(format_: str, iri: str) -> bytes:
        return b"".join(export(store, format_, iri, prefixes=prefixes, context=context))

    return RecordingEvaluator(Engine(store, prefixes, write))


@pytest.fixture(scope="session")
def make_library_ask(library_evaluator: RecordingEvaluator, library_quads: list[Quad]) -> Callable[..., Ask]:
    """Give a function that takes settings and gives what asks about the dataset of tests/library/."""
    store = Store()
    store.bulk_extend(library_quads)
    dataset = DatasetInfo("0.0.0+library", dataset_prefixes(store), {}, library_of(store))

    def make(**settings: Any) -> Ask:
        return ask_of(create_app(create_site(library_evaluator, dataset, Settings(**settings))))

    return make


@pytest.fixture(scope="session")
def library_ask(make_library_ask: Callable[..., Ask]) -> Ask:
    return make_library_ask()


@pytest.fixture(scope="session")
def make_overview_site(overview_quads: list[Quad], project: Project) -> Callable[..., Site]:
    """Give a function that takes settings and makes a site of the dataset of tests/overviews/."""
    store = Store()
    store.bulk_extend(overview_quads)
    prefixes, context = dataset_prefixes(store), load_context(project)

    def write(format_: str, iri: str) -> bytes:
        return b"".join(export(store, format_, iri, prefixes=prefixes, context=context))

    dataset = DatasetInfo("0.0.0+mini", prefixes, {}, library_of(store))
    evaluator = InlineEvaluator(Engine(store, prefixes, write))
    return lambda **settings: create_site(evaluator, dataset, Settings(**settings))


@pytest.fixture(scope="session")
def overview_ask(make_overview_site: Callable[..., Site]) -> Ask:
    """Give what asks about the dataset of tests/overviews/."""
    return ask_of(create_app(make_overview_site()))
