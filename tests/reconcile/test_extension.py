"""Values of properties, by data extension."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

Send = Callable[..., httpx.Response]
Extend = Callable[..., Any]


def wanted(*ids: str, **settings: Any) -> list[dict[str, Any]]:
    return [{"id": each, **({"settings": settings} if settings else {})} for each in ids]


def values(extend: Extend, entity: str, property_: str, path: str = "/reconcile", **settings: Any) -> Any:
    answer = extend({"ids": [entity], "properties": wanted(property_, **settings)}, path)
    return answer["rows"][entity][property_]


def test_every_entity_has_a_place_for_every_property(extend: Extend) -> None:
    ids = ["caisi", "canada", "nowhere", "", "a/../b"]
    answer = extend({"ids": ids, "properties": wanted("aisi:hasParentAgency", "skos:exactMatch")})
    assert list(answer["rows"]) == ids
    assert answer["rows"]["nowhere"] == {"aisi:hasParentAgency": [], "skos:exactMatch": []}
    assert [each["name"] for each in answer["meta"]] == ["has parent agency", "Wikidata item"]


def test_entities_come_with_names_and_items_as_identifiers(extend: Extend) -> None:
    assert values(extend, "caisi", "aisi:hasParentAgency") == [
        {"id": "ised", "name": "Department of Inventions"}
    ]
    assert values(extend, "caisi", "aisi:instituteOf", "/reconcile/zh") == [
        {"id": "canada", "name": "加拿大"}
    ]
    assert values(extend, "canada", "skos:exactMatch") == [{"str": "Q16"}]
    assert values(extend, "ruritania-aisi", "aisi:risk") == [{"str": "misuse"}]
    assert values(extend, "caisi", "rdf:type", "/reconcile/zh") == [
        {"str": "组织"},
        {"str": "人工智能安全研究所"},
    ]


def test_dates_are_as_precise_as_the_source(extend: Extend) -> None:
    assert values(extend, "caisi", "^aisi:establishes/aisi:date") == [{"str": "2024-11"}]
    assert values(extend, "caisi", "dcterms:issued") == [{"date": "2024-11-12T00:00:00Z"}]


def test_numbers_are_numbers(extend: Extend) -> None:
    assert values(extend, "caisi", "aisi:amount") == [{"int": 50000000}]
    assert values(extend, "caisi", "aisi:ratio") == [{"float": 0.5}]
    assert values(extend, "caisi", "aisi:isTentative") == [{"str": "true"}]


def test_texts_are_in_the_language_that_is_asked_for(extend: Extend) -> None:
    english, chinese = {"str": "Canada"}, {"str": "加拿大"}
    assert values(extend, "canada", "skos:prefLabel") == [english]
    assert values(extend, "canada", "skos:prefLabel", "/reconcile/zh") == [chinese]
    assert values(extend, "canada", "skos:prefLabel", language="zh") == [chinese]
    assert values(extend, "canada", "skos:prefLabel", language="all") == [english, chinese]
    assert values(extend, "caisi", "aisi:instituteOf", language="zh") == [{"id": "canada", "name": "加拿大"}]
    # An abbreviation in the other language is better than none.
    assert values(extend, "caisi", "skos:altLabel", language="zh") == [{"str": "CAISI"}]


def test_values_can_be_limited(extend: Extend) -> None:
    for limit in (1, "1", 1.0):
        assert len(values(extend, "canada", "skos:prefLabel", language="all", limit=limit)) == 1
    for none in (0, "0", "", None):
        assert len(values(extend, "canada", "skos:prefLabel", language="all", limit=none)) == 2


def test_claims_that_state_a_value_can_be_asked_for(extend: Extend) -> None:
    claim = "https://w3id.org/aisi-kg/claim/concordia-2024/founding"
    assert values(extend, "caisi", "aisi:hasParentAgency", show="claims") == [{"str": claim}]
    assert values(extend, "caisi", "^aisi:establishes/aisi:date", show="claims") == [{"str": claim}]
    # A name is no claim's.
    assert values(extend, "caisi", "skos:prefLabel", show="claims") == []


def test_a_column_of_entities_says_of_which_type(extend: Extend, send_real: Send) -> None:
    query = {"ids": ["uk-aisi"], "properties": wanted("aisi:hasParentAgency", "skos:prefLabel")}
    meta = extend(query, send=send_real)["meta"]
    assert meta[0]["type"] == {"id": "aisi:GovernmentBody", "name": "government body"}
    assert "type" not in meta[1]


def test_the_same_can_be_asked_by_get(send: Send, extend: Extend) -> None:
    query = {"ids": ["caisi"], "properties": wanted("aisi:amount")}
    assert send("GET", "/reconcile", params={"extend": json.dumps(query)}).json() == extend(query)


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("{", 400, "malformed-json"),
        ("[]", 422, "invalid-parameter"),
        ("{}", 422, "invalid-parameter"),
        ('{"ids": ["a"]}', 422, "invalid-parameter"),
        ('{"ids": "a", "properties": []}', 422, "invalid-parameter"),
        ('{"ids": [1], "properties": []}', 422, "invalid-parameter"),
        ('{"ids": [], "properties": ["aisi:risk"]}', 422, "invalid-parameter"),
        ('{"ids": [], "properties": [{}]}', 422, "invalid-parameter"),
        ('{"ids": [], "properties": [{"id": "aisi:nothing"}]}', 422, "invalid-parameter"),
        ('{"ids": [], "properties": [{"id": "aisi:risk"}, {"id": "aisi:risk"}]}', 422, "invalid-parameter"),
        ('{"ids": [], "properties": [{"id": "aisi:risk", "settings": []}]}', 422, "invalid-parameter"),
        ('{"ids": [], "properties": [{"id": "aisi:risk", "settings": {"a": 1}}]}', 422, "invalid-parameter"),
        (
            '{"ids": [], "properties": [{"id": "aisi:risk", "settings": {"show": 1}}]}',
            422,
            "invalid-parameter",
        ),
        (
            '{"ids": [], "properties": [{"id": "aisi:risk", "settings": {"language": "fr"}}]}',
            422,
            "invalid-parameter",
        ),
        (
            '{"ids": [], "properties": [{"id": "aisi:risk", "settings": {"limit": -1}}]}',
            422,
            "invalid-parameter",
        ),
        (
            '{"ids": [], "properties": [{"id": "aisi:risk", "settings": {"limit": "x"}}]}',
            422,
            "invalid-parameter",
        ),
        (json.dumps({"ids": ["a"] * 1001, "properties": []}), 413, "batch-too-long"),
    ],
)
def test_what_cannot_be_extended_is_refused(send: Send, query: str, status: int, code: str) -> None:
    response = send("POST", "/reconcile", data={"extend": query})
    assert (response.status_code, response.json()["code"]) == (status, code), response.text


def test_nothing_is_extended_by_nothing(extend: Extend) -> None:
    assert extend({"ids": [], "properties": []}) == {"meta": [], "rows": {}}
    assert extend({"ids": ["caisi"], "properties": []}) == {"meta": [], "rows": {"caisi": {}}}
    assert extend({"ids": [], "properties": wanted("aisi:risk")})["rows"] == {}


def test_openrefine_users_can_pull_in_items_parents_countries_and_dates(
    extend: Extend, send_real: Send
) -> None:
    paths = ("aisi:hasParentAgency", "aisi:instituteOf", "^aisi:establishes/aisi:date", "skos:exactMatch")
    rows = extend({"ids": ["uk-aisi", "openai"], "properties": wanted(*paths)}, send=send_real)["rows"]
    assert rows["uk-aisi"]["aisi:hasParentAgency"] == [
        {"id": "uk-dsit", "name": "Department for Science, Innovation and Technology"}
    ]
    assert rows["uk-aisi"]["aisi:instituteOf"] == [{"id": "united-kingdom", "name": "United Kingdom"}]
    assert {"str": "2023-11"} in rows["uk-aisi"]["^aisi:establishes/aisi:date"]
    [item] = rows["openai"]["skos:exactMatch"]
    assert item["str"].startswith("Q")
    assert rows["openai"]["aisi:hasParentAgency"] == []
