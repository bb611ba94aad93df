"""Search and completions over HTTP."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from pyoxigraph import Store

from aisi_kg.project import Project
from aisi_kg.store.engine import Engine
from aisi_kg.store.export.jsonld import load_context
from aisi_kg.store.inquiry import conduct
from aisi_kg.store.results import dataset_prefixes
from aisi_kg.store.search import Index, gather
from aisi_kg.web.app import create_app, create_site
from aisi_kg.web.settings import Settings
from aisi_kg.web.site import DatasetInfo

Get = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def make_get(
    small_store: Store, project: Project, inline: Any, asking: Callable[..., Any]
) -> Callable[..., Get]:
    prefixes = dataset_prefixes(small_store)
    engine = Engine.exporting(small_store, prefixes, load_context(project))
    search = Index(conduct(small_store, gather()))

    def make(**settings: Any) -> Get:
        dataset = DatasetInfo("0.0.0+small", prefixes, search=search)
        ask = asking(create_app(create_site(inline(engine), dataset, Settings(**settings))))
        return lambda path, accept=None, **options: ask("GET", path, accept, **options)

    return make


@pytest.fixture(scope="module")
def get(make_get: Callable[..., Get]) -> Get:
    return make_get()


def test_hits_are_grouped_by_kind(get: Get) -> None:
    response = get("/search.json", params={"q": "⻛险", "lang": "zh"})
    assert response.headers["content-type"] == "application/json"
    found = response.json()
    assert (found["query"], found["language"], found["whole"], found["total"]) == ("⻛险", "zh", True, 2)
    term, claim = found["groups"]
    assert (term["kind"], term["label"], term["total"]) == ("term", "本体术语", 1)
    assert term["hits"][0]["path"] == "/ontology#risk"
    assert claim["hits"][0]["iri"] == "https://w3id.org/aisi-kg/claim/concordia-2024/risk"
    snippet = claim["hits"][0]["snippet"]
    assert [snippet["text"][low:high] for low, high in snippet["ranges"]] == ["风险"]


def test_the_language_is_that_of_the_browser(get: Get) -> None:
    response = get("/search.json?q=CAISI&kind=entity", headers={"Accept-Language": "zh-CN,en;q=0.5"})
    assert response.json()["groups"][0]["label"] == "实体"
    assert "Accept-Language" in response.headers["vary"]


def test_every_path_is_answered(get: Get) -> None:
    for group in get("/search.json?q=a&limit=100").json()["groups"]:
        for hit in group["hits"]:
            if hit["kind"] not in ("query", "term"):
                assert get(hit["path"]).status_code == 200, hit["path"]


def test_kind_class_limit_and_offset_narrow_it(get: Get) -> None:
    groups = get("/search.json?q=institute&kind=claim&kind=query&limit=1").json()["groups"]
    assert {group["kind"]: len(group["hits"]) for group in groups} == {"claim": 1, "query": 1}
    prefixed = "https://w3id.org/aisi-kg/ontology%23SafetyInstitute"
    [group] = get(f"/search.json?q=CAISI&class={prefixed}").json()["groups"]
    assert [hit["iri"].rpartition("/")[2] for hit in group["hits"]] == ["caisi"]
    [group] = get("/search.json?q=CAISI&kind=entity&offset=1&limit=1").json()["groups"]
    assert len(group["hits"]) == 1 < group["total"]


def test_a_client_that_has_it_is_told_so(get: Get) -> None:
    response = get("/search.json?q=CAISI")
    again = get("/search.json?q=CAISI", headers={"If-None-Match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_what_is_typed_is_completed(get: Get, make_get: Callable[..., Get]) -> None:
    response = get("/suggest.json?q=ruri&limit=2")
    assert response.headers["content-type"] == "application/x-suggestions+json"
    typed, labels, notes, addresses = response.json()
    assert typed == "ruri"
    assert labels[0] == "Ruritania"
    assert len(labels) == len(notes) == len(addresses) == 2
    assert addresses[0] == "http://kg.example.org/entity/ruritania"
    behind = make_get(public_url="https://example.org/kg")("/suggest.json?q=ruri&limit=1").json()
    assert behind[3] == ["https://example.org/kg/entity/ruritania"]


def test_without_words_nothing_is_found(get: Get) -> None:
    for path in ("/search.json", "/search.json?q=", "/search.json?q=%20"):
        assert get(path).json()["groups"] == []
    assert get("/suggest.json").json() == ["", [], [], []]


@pytest.mark.parametrize(
    ("query", "status", "code", "parameter"),
    [
        ("q=a&q=b", 422, "invalid-parameter", "q"),
        ("q=a&kind=nothing", 422, "invalid-parameter", "kind"),
        ("q=a&limit=0", 422, "invalid-parameter", "limit"),
        ("q=a&limit=101", 422, "invalid-parameter", "limit"),
        ("q=a&limit=%D9%A1", 422, "invalid-parameter", "limit"),
        ("q=a&offset=-1", 422, "invalid-parameter", "offset"),
        ("q=a&class=nothing:Here", 422, "invalid-parameter", "class"),
        ("q=a&lang=fr", 422, "invalid-parameter", "lang"),
        ("q=a&callback=alert", 422, "invalid-parameter", "callback"),
        ("q=%FF", 400, "not-utf-8", None),
    ],
)
def test_what_cannot_be_asked_is_told(
    get: Get, query: str, status: int, code: str, parameter: str | None
) -> None:
    response = get(f"/search.json?{query}")
    problem = response.json()
    assert (response.status_code, problem["code"], problem.get("parameter")) == (status, code, parameter)


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "\x00\x01", '"}{"', "' OR 1=1 --", "}} SELECT", "🦄" * 400, "a " * 500],
)
def test_hostile_words_are_only_words(get: Get, text: str) -> None:
    response = get("/search.json", params={"q": text})
    assert response.status_code == 200
    assert json.loads(response.content)["query"] == text
