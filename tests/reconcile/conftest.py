"""The service over the dataset of tests/search/, and over the project's own.

Fixtures: ``match`` and ``extend`` ask it and hold each answer against the schemas beside this file; ``send``
asks without that.
"""

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from pyoxigraph import Store
from referencing import Registry, Resource
from starlette.types import ASGIApp

from aisi_kg.graph.prefixes import load_prefixes
from aisi_kg.project import Project
from aisi_kg.store.engine import Engine
from aisi_kg.store.export.jsonld import load_context
from aisi_kg.store.inquiry import conduct
from aisi_kg.store.reconcile import gather_catalogue
from aisi_kg.store.search import Index, gather
from aisi_kg.web.app import create_app, create_site
from aisi_kg.web.evaluator import Evaluator
from aisi_kg.web.settings import Settings
from aisi_kg.web.site import DatasetInfo

SCHEMAS = Path(__file__).parent / "schemas"

Send = Callable[..., httpx.Response]
# What the fixtures of tests/conftest.py are.
Asking = Callable[[ASGIApp], Send]
Inline = Callable[[Engine], Evaluator]
Check = Callable[[str, Any], Any]


@pytest.fixture(scope="session")
def made(project: Project, inline: Inline, asking: Asking) -> Callable[..., Send]:
    """Give a function that takes a store and settings, and gives what asks the service over it."""

    def made(store: Store, **settings: Any) -> Send:
        prefixes = load_prefixes(project)
        evaluator = inline(Engine.exporting(store, prefixes, load_context(project)))
        index = Index(conduct(store, gather()))
        catalogue = conduct(store, gather_catalogue(prefixes))
        dataset = DatasetInfo("0.0.0+small", prefixes, search=index, catalogue=catalogue)
        return asking(create_app(create_site(evaluator, dataset, Settings(**settings))))

    return made


@pytest.fixture(scope="session")
def make_send(made: Callable[..., Send], small_store: Store) -> Callable[..., Send]:
    """Give a function that takes settings."""
    return partial(made, small_store)


@pytest.fixture(scope="session")
def send(make_send: Callable[..., Send]) -> Send:
    return make_send()


@pytest.fixture(scope="session")
def send_real(made: Callable[..., Send], real: Store) -> Send:
    return made(real)


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
