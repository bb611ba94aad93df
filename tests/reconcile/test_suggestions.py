"""Completions, proposals, flyouts and previews."""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest
from pyoxigraph import RdfFormat, Store

from aisi_kg.graph.dataset import merge

Send = Callable[..., httpx.Response]
Check = Callable[[str, Any], Any]
SCHEMAS = {"entity": "suggest-entities", "property": "suggest-properties", "type": "suggest-types"}


@pytest.fixture(scope="module")
def suggest(send: Send, check: Check) -> Callable[..., Any]:
    def suggest(what: str, prefix: str, language: str = "en", **parameters: Any) -> Any:
        response = send(
            "GET", f"/reconcile/{language}/suggest/{what}", params={"prefix": prefix, **parameters}
        )
        return check(SCHEMAS[what], response.json())

    return suggest


def ids(answer: Any) -> list[str]:
    return [each["id"] for each in answer["result"]]


@pytest.mark.parametrize(
    ("what", "prefix", "first"),
    [
        ("entity", "canadian art", "caisi"),
        ("entity", "加拿大人工", "caisi"),
        ("entity", "加拿⼤⼈", "caisi"),
        ("entity", "entity:ruritania-aisi", "ruritania-aisi"),
        ("entity", "https://w3id.org/aisi-kg/entity/cafe", "cafe"),
        ("property", "has par", "aisi:hasParentAgency"),
        ("property", "上级", "aisi:hasParentAgency"),
        ("property", "aisi:hasParentAgency", "aisi:hasParentAgency"),
        ("property", "hasParentAgency", "aisi:hasParentAgency"),
        ("property", "wikidata", "skos:exactMatch"),
        ("property", "维基数据", "skos:exactMatch"),
        ("property", "date of est", "^aisi:establishes/aisi:date"),
        ("property", "^aisi:establishes/aisi:date", "^aisi:establishes/aisi:date"),
        ("property", "aisi:instituteOf/skos:exactMatch", "aisi:instituteOf/skos:exactMatch"),
        ("type", "AI safety inst", "aisi:SafetyInstitute"),
        ("type", "saftey", "aisi:SafetyInstitute"),
        ("type", "研究所", "aisi:SafetyInstitute"),
        ("type", "foaf:Person", "foaf:Person"),
        ("type", "Person", "foaf:Person"),
    ],
)
def test_what_is_typed_is_completed(suggest: Callable[..., Any], what: str, prefix: str, first: str) -> None:
    assert ids(suggest(what, prefix))[0] == first


def test_names_are_in_the_language_of_the_address(suggest: Callable[..., Any]) -> None:
    [entity, *_] = suggest("entity", "caisi", "zh")["result"]
    assert (entity["name"], entity["notable"][0]["name"]) == (
        "加拿大人工智能安全研究所",
        "人工智能安全研究所",
    )
    assert suggest("type", "SafetyInstitute", "zh")["result"][0]["broader"] == [
        {"id": "org:Organization", "name": "组织"}
    ]


def test_the_type_narrows_entities_and_orders_properties(suggest: Callable[..., Any]) -> None:
    assert ids(suggest("entity", "CAISI", type="aisi:SafetyInstitute")) == ["caisi"]
    assert ids(suggest("property", "a", type="aisi:SafetyInstitute"))[0] != "skos:exactMatch"
    assert ids(suggest("property", "", type="aisi:Country"))[:2] == ["skos:exactMatch", "skos:prefLabel"]


@pytest.mark.parametrize("what", ["entity", "property", "type"])
def test_suggestions_come_in_pages_and_without_a_prefix_all_of_them(
    suggest: Callable[..., Any], what: str
) -> None:
    found, cursor = [], 0
    while True:
        page = suggest(what, "", cursor=cursor)
        assert 0 < len(page["result"]) <= 10
        found += ids(page)
        if "cursor" not in page:
            break
        assert page["cursor"] == cursor + 10
        cursor = page["cursor"]
    assert len(found) == len(set(found)) > 5


def test_what_openrefine_sends_beside_the_prefix_is_ignored(send: Send, suggest: Callable[..., Any]) -> None:
    more = {"spell": "always", "exact": "false", "prefixed": "true", "lang": "en", "filter": "(all x)"}
    assert suggest("entity", "canad", **more) == suggest("entity", "canad")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("suggest/entity?prefix=a&cursor=-1", 422, "invalid-parameter"),
        ("suggest/entity?prefix=a&cursor=10001", 422, "invalid-parameter"),
        ("suggest/entity?prefix=a&cursor=x", 422, "invalid-parameter"),
        ("suggest/entity?prefix=a&prefix=b", 422, "invalid-parameter"),
        ("suggest/entity?prefix=a&type=aisi:Nothing", 422, "invalid-parameter"),
        ("suggest/nothing?prefix=a", 404, "not-found"),
        ("flyout/entity?id=nowhere", 404, "not-found"),
        ("flyout/entity?id=https://w3id.org/aisi-kg/claim/concordia-2024/founding", 404, "not-found"),
        ("flyout/property?id=aisi:nothing", 404, "not-found"),
        ("flyout/type", 404, "not-found"),
        ("flyout/nothing?id=caisi", 404, "not-found"),
        ("preview?id=nowhere", 404, "not-found"),
        ("preview?id=%3Cscript%3E", 404, "not-found"),
        ("preview?id=../claim/concordia-2024/founding", 404, "not-found"),
        ("preview", 404, "not-found"),
        ("properties?type=aisi:Nothing", 422, "invalid-parameter"),
        ("properties?type=&limit=x", 422, "invalid-parameter"),
        ("nothing", 404, "not-found"),
    ],
)
def test_what_is_not_there_is_told(send: Send, path: str, status: int, code: str) -> None:
    response = send("GET", f"/reconcile/en/{path}")
    assert (response.status_code, response.json()["code"]) == (status, code)


def test_properties_are_proposed_by_type(send: Send, check: Check) -> None:
    def proposed(query: str) -> Any:
        return check("property-proposal", send("GET", f"/reconcile/en/properties?{query}").json())

    institutes = proposed("type=aisi:SafetyInstitute")
    assert institutes["type"] == "aisi:SafetyInstitute"
    names = [each["id"] for each in institutes["properties"]]
    assert {"aisi:hasParentAgency", "^aisi:establishes/aisi:date", "aisi:instituteOf"} <= set(names)
    assert "skos:exactMatch" not in names
    assert "rdfs:label" not in names
    limited = proposed("type=aisi:SafetyInstitute&limit=2")
    assert limited["limit"] == 2
    assert limited["properties"] == institutes["properties"][:2]
    # OpenRefine sends nothing where no type was chosen.
    assert "skos:exactMatch" in {each["id"] for each in proposed("type=")["properties"]}


def test_whatever_is_proposed_can_be_pulled_in(send: Send, send_real: Send) -> None:
    for ask, entity in ((send, "caisi"), (send_real, "uk-aisi")):
        names = [each["id"] for each in ask("GET", "/reconcile/en/properties?type=").json()["properties"]]
        for start in range(0, len(names), 50):
            part = [f'{{"id": "{name}"}}' for name in names[start : start + 50]]
            query = f'{{"ids": ["{entity}"], "properties": [{", ".join(part)}]}}'
            assert ask("POST", "/reconcile", data={"extend": query}).status_code == 200


class Page(HTMLParser):
    """Collect the elements of a page and its texts."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []
        self.text = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_preview_can_be_embedded_by_anybody_and_does_nothing(send: Send) -> None:
    response = send("GET", "/reconcile/en/preview?id=caisi")
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert "x-frame-options" not in response.headers
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors *" in policy
    assert "script" not in policy
    assert "unsafe" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    tags = set(Page(response.text).tags)
    assert not tags & {"a", "script", "form", "img", "iframe", "link"}
    assert "style" not in Page(response.text).attributes


def test_no_other_page_can_be_embedded(send: Send) -> None:
    for path in ("/reconcile", "/reconcile/en/preview?id=nowhere", "/entity/caisi.html", "/"):
        response = send("GET", path, headers={"Accept": "text/html"})
        assert response.headers["x-frame-options"] == "DENY", path
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]


def test_a_preview_tells_what_an_entity_is_in_the_language_of_the_address(send: Send) -> None:
    english = Page(send("GET", "/reconcile/en/preview?id=caisi").text).text
    for part in (
        "Canadian Artificial Intelligence Safety Institute",
        "加拿大人工智能安全研究所",
        "November 2024",
        "Canada",
    ):
        assert part in english
    chinese = send("GET", "/reconcile/zh/preview?id=caisi").text
    assert 'lang="zh"' in chinese
    assert "2024年11月" in Page(chinese).text
    # OpenRefine inserts the identifier as it is, others encode it.
    assert send("GET", "/reconcile/en/preview?id=caisi%2Dfounding").status_code == 200


def test_a_flyout_is_two_lines(send: Send) -> None:
    flyout = send("GET", "/reconcile/en/flyout/type?id=aisi:SafetyInstitute").json()
    assert flyout["id"] == "aisi:SafetyInstitute"
    assert Page(flyout["html"]).text == "AI safety institute (aisi:SafetyInstitute)A state-backed body."
    for path in ("entity?id=caisi", "property?id=%5Eaisi:establishes/aisi:date"):
        assert send("GET", f"/reconcile/zh/flyout/{path}").status_code == 200


def test_hostile_names_are_only_text(checkout: Any, made: Callable[..., Send]) -> None:
    store = Store()
    store.load(path=checkout / "tests" / "query" / "tiny.trig", format=RdfFormat.TRIG)
    store.bulk_extend(list(merge(store)))
    send = made(store)
    flyout = send("GET", "/reconcile/en/flyout/entity?id=syldavia-aisi").json()["html"]
    preview = send("GET", "/reconcile/en/preview?id=syldavia-aisi").text
    for markup in (flyout, preview):
        assert "script" not in Page(markup).tags
        assert '<script>alert(1)</script> & "Co"' in Page(markup).text
