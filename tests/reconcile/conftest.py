"""The service over the dataset of tests/search/, and over the project's own.

Fixtures: ``post`` and ``get`` ask it and hold each answer against the schemas beside this file; ``send`` asks
without that.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from pyoxigraph import Store
from referencing import Registry, Resource

from aisi_kg.graph.prefixes import load_prefixes
from aisi_kg.project import Project
from aisi_kg.store.compression import Encoding
from aisi_kg.store.engine import Engine
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.export.jsonld import load_context
from aisi_kg.store.inquiry import conduct
from aisi_kg.store.reconcile import gather_catalogue
from aisi_kg.store.results import Choice, Format
from aisi_kg.store.search import Index, gather
from aisi_kg.web.app import create_app, create_site
from aisi_kg.web.evaluator import Answering
from aisi_kg.web.settings import Settings
from aisi_kg.web.site import DatasetInfo

SCHEMAS = Path(__file__).parent / "schemas"

Send = Callable[..., httpx.Response]
Check = Callable[[str, Any], Any]


class Answer:
    """Hold an answer of the evaluator below."""

    encoding: Encoding = ""
    rows = 0
    format: Format

    def __init__(self) -> None:
        self.blocks: list[bytes] = []

    @property
    def whole(self) -> bytes | None:
        return b"".join(self.blocks)

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


class Evaluator:
    """Evaluate at once, in this process."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def answer(
        self, request: QueryRequest, choice: Choice, *, encoding: Encoding = "", client: str = ""
    ) -> Answering:
        answer = Answer()
        self._engine.answer(request, choice, answer)
        return answer

    async def document(self, iri: str, format_: str, *, client: str = "") -> bytes:
        return self._engine.document(iri, format_)


def made(store: Store, project: Project, **settings: Any) -> Send:
    prefixes = load_prefixes(project)
    evaluator = Evaluator(Engine.exporting(store, prefixes, load_context(project)))
    index = Index(conduct(store, gather()))
    catalogue = conduct(store, gather_catalogue(prefixes))
    dataset = DatasetInfo("0.0.0+small", prefixes, search=index, catalogue=catalogue)
    app = create_app(create_site(evaluator, dataset, Settings(**settings)))

    def send(method: str, path: str, **options: Any) -> httpx.Response:
        async def request() -> httpx.Response:
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://kg.example.org") as client:
                return await client.request(method, path, **options)

        return asyncio.run(request())

    return send


@pytest.fixture(scope="session")
def make_send(small_store: Store, project: Project) -> Callable[..., Send]:
    """Give a function that takes settings."""
    return lambda **settings: made(small_store, project, **settings)


@pytest.fixture(scope="session")
def send(make_send: Callable[..., Send]) -> Send:
    return make_send()


@pytest.fixture(scope="session")
def send_real(real: Store, project: Project) -> Send:
    return made(real, project)


@pytest.fixture(scope="session")
def check() -> Check:
    """Give a function that holds a value against a schema."""
    schemas = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(SCHEMAS.glob("*.json"))}
    resources = [(each["$id"], Resource.from_contents(each)) for each in schemas.values()]
    registry: Registry[Any] = Registry().with_resources(resources)
    for each in schemas.values():
        Draft202012Validator.check_schema(each)

    def check(name: str, value: Any) -> Any:
        Draft202012Validator(schemas[name], registry=registry).validate(value)
        return value

    return check


@pytest.fixture(scope="session")
def match(send: Send, check: Check) -> Callable[..., Any]:
    """Give a function that sends a batch as OpenRefine does: a form, with JSON that has no spaces."""

    def match(batch: dict[str, Any], path: str = "/reconcile", send: Send = send) -> Any:
        check("query-batch", batch)
        queries = json.dumps(batch, ensure_ascii=False, separators=(",", ":"))
        response = send("POST", path, data={"queries": queries})
        assert response.status_code == 200, response.text
        assert response.headers["content-type"] == "application/json"
        assert response.headers["access-control-allow-origin"] == "*"
        return check("result-batch", response.json())

    return match


@pytest.fixture(scope="session")
def extend(send: Send, check: Check) -> Callable[..., Any]:
    """Give a function that sends a data extension query as OpenRefine does."""

    def extend(query: dict[str, Any], path: str = "/reconcile", send: Send = send) -> Any:
        check("extension-query", query)
        text = json.dumps(query, ensure_ascii=False, separators=(",", ":"))
        response = send("POST", path, data={"extend": text})
        assert response.status_code == 200, response.text
        answer = check("extension-response", response.json())
        assert [each["id"] for each in answer["meta"]] == [each["id"] for each in query["properties"]]
        for row in answer["rows"].values():
            assert set(row) == {each["id"] for each in query["properties"]}
        return answer

    return extend
