"""Batches of queries, as clients send them and as they should not."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from aisi_kg.store.search import fold

Send = Callable[..., httpx.Response]
Match = Callable[..., Any]
CANADA = {"pid": "aisi:instituteOf", "v": "Canada"}


def ids(result: Any) -> list[str]:
    return [candidate["id"] for candidate in result["result"]]


def best(match: Match, query: dict[str, Any], path: str = "/reconcile") -> Any:
    return match({"q0": query}, path)["q0"]["result"][0]


def test_every_query_is_answered_by_its_name_and_alone(match: Match) -> None:
    queries = {
        "q0": {"query": "CAISI", "limit": 3},
        "name with ” é 字": {"query": "Ruritania"},
        "": {"query": "zzzz"},
    }
    answer = match(queries)
    assert list(answer) == list(queries)
    assert answer[""] == {"result": []}
    for key, query in queries.items():
        assert match({key: query})[key] == answer[key]
    assert match({}) == {}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Canadian Artificial Intelligence Safety Institute", "caisi"),
        ("加拿大人工智能安全研究所", "caisi"),
        ("加拿⼤⼈⼯智能安全研究所", "caisi"),
        ("ＣＡＩＳＩ", "caisi"),
        ("Ruritanian Safety Institute for AI", "ruritania-aisi"),
        ("Ruritanain AI Safty Institute", "ruritania-aisi"),
        ("卢里塔尼亚人工智能安全研究院", "ruritania-aisi"),
        ("Rassendyll, R.", "rudolf"),
        ("CAFE ETOILE (Paris)", "cafe"),
        ("Deep Thought Ltd", "deepthought"),
    ],
)
def test_the_best_candidate_is_the_one_that_is_meant(match: Match, text: str, first: str) -> None:
    candidate = best(match, {"query": text})
    assert candidate["id"] == first
    assert 30 <= candidate["score"] <= 100


def test_an_exact_name_is_certain(match: Match) -> None:
    for text in (
        "Ruritanian AI Safety Institute",
        "卢里塔尼亚人工智能安全研究所",
        "ruritanian ai safety institute",
    ):
        found = match({"q": {"query": text}})["q"]["result"]
        assert (found[0]["id"], found[0]["match"], found[0]["score"]) == ("ruritania-aisi", True, 100)
        assert not any(candidate["match"] for candidate in found[1:])


def test_an_abbreviation_gives_the_candidates_there_are_and_is_never_certain(match: Match) -> None:
    found = match({"q": {"query": "CAISI"}})["q"]["result"]
    assert {candidate["id"] for candidate in found[:2]} == {"caisi", "other-caisi"}
    assert [candidate["score"] for candidate in found[:2]] == [100, 100]
    assert not any(candidate["match"] for candidate in found)
    [only] = match({"q": {"query": "R.U. AISI", "limit": 1}})["q"]["result"]
    assert (only["id"], only["score"], only["match"]) == ("ruritania-aisi", 100, False)


def test_a_value_that_agrees_tells_namesakes_apart(match: Match) -> None:
    for value in ("Canada", "加拿大", {"id": "canada", "name": "Kanada"}, ["Peru", "Canada"], "canada"):
        found = match({"q": {"query": "CAISI", "properties": [{"pid": "aisi:instituteOf", "v": value}]}})[
            "q"
        ]["result"]
        assert (found[0]["id"], found[0]["match"]) == ("caisi", True), value
        features = {feature["id"]: feature["value"] for feature in found[0]["features"]}
        assert features["property:aisi:instituteOf"] == 1


def test_a_value_that_disagrees_is_never_certain_and_one_that_is_missing_does_not_matter(
    match: Match,
) -> None:
    name = "Canadian Artificial Intelligence Safety Institute"
    wrong = best(
        match, {"query": name, "properties": [{"pid": "aisi:instituteOf", "v": {"id": "ruritania"}}]}
    )
    assert (wrong["id"], wrong["match"]) == ("caisi", False)
    assert wrong["score"] < 100
    missing = best(match, {"query": name, "properties": [{"pid": "aisi:risk", "v": "misuse"}]})
    assert (missing["score"], missing["match"]) == (100, True)


def test_numbers_truth_values_dates_and_paths_are_values(match: Match) -> None:
    for pid, value, fit in (
        ("aisi:amount", 50000000, 1),
        ("aisi:amount", "5e7", 1),
        ("aisi:amount", 3, 0),
        ("aisi:ratio", 0.5, 1),
        ("aisi:isTentative", True, 1),
        ("dcterms:issued", "2024-11-12", 1),
        ("dcterms:issued", "2024", 1),
        ("dcterms:issued", "20", 0),
        ("^aisi:establishes/aisi:date", "2024-11-30", 1),
        ("^aisi:establishes/aisi:date", "2023", 0),
        ("instituteOf", "Canada", 1),
        ("https://w3id.org/aisi-kg/ontology#instituteOf", "Canada", 1),
        ("<https://w3id.org/aisi-kg/ontology#instituteOf>", "Canada", 1),
    ):
        query = {"query": "CAISI", "type": "aisi:SafetyInstitute", "properties": [{"pid": pid, "v": value}]}
        features = {feature["id"]: feature["value"] for feature in best(match, query)["features"]}
        [found] = [features[each] for each in features if each.startswith("property:")]
        assert found == fit, (pid, value)


def test_without_a_name_values_find_entities(match: Match) -> None:
    for properties, expected in (
        ([CANADA], ["caisi"]),
        ([{"pid": "aisi:instituteOf", "v": {"id": "canada"}}], ["caisi"]),
        ([{"pid": "aisi:instituteOf", "v": ["Canada", "Ruritania"]}], ["caisi", "ruritania-aisi"]),
        ([{"pid": "skos:exactMatch", "v": "Q16"}], ["canada"]),
        ([{"pid": "aisi:amount", "v": 50000000}], ["caisi"]),
        ([{"pid": "aisi:risk", "v": "misuse"}], ["ruritania-aisi"]),
        ([{"pid": "aisi:instituteOf", "v": "Nowhere"}], []),
        ([{"pid": "aisi:instituteOf", "v": {"id": "nowhere"}}], []),
        ([{"pid": "skos:altLabel", "v": 'x") } SELECT * { ?s ?p ?o'}], []),
        ([{"pid": "skos:altLabel", "v": "a\\b\n\u0000\"'"}], []),
    ):
        found = match({"q": {"properties": properties}})["q"]
        assert sorted(ids(found)) == expected, properties
        assert [candidate["match"] for candidate in found["result"]] == [True] * (len(expected) == 1) + [
            False
        ] * (len(expected) if len(expected) > 1 else 0)


def test_types_are_wishes_or_conditions(match: Match) -> None:
    def found(**query: Any) -> Any:
        return match({"q": {"query": "CAISI", **query}})["q"]["result"]

    wish = found(type="aisi:SafetyInstitute", type_strict="should")
    assert [(each["id"], each["score"]) for each in wish[:2]] == [("caisi", 100), ("other-caisi", 70)]
    assert found(type="aisi:SafetyInstitute") == wish
    any_of = found(type=["aisi:SafetyInstitute", "foaf:Person"], type_strict="any")
    assert {each["id"] for each in any_of} == {"caisi"}
    all_of = found(type=["aisi:SafetyInstitute", "org:Organization"], type_strict="all")
    assert [each["id"] for each in all_of] == ["caisi"]
    assert found(type=["aisi:SafetyInstitute", "foaf:Person"], type_strict="all") == []
    for name in ("SafetyInstitute", "https://w3id.org/aisi-kg/ontology#SafetyInstitute"):
        assert found(type=name) == wish
    certain = best(match, {"query": "Canada", "type": "foaf:Person"})
    assert (certain["id"], certain["match"]) == ("canada", False)


@pytest.mark.parametrize(
    "text", ["caisi-founding", "entity:caisi-founding", "https://w3id.org/aisi-kg/entity/caisi-founding"]
)
def test_an_identifier_finds_its_entity(match: Match, text: str) -> None:
    candidate = best(match, {"query": text})
    assert (candidate["id"], candidate["score"], candidate["match"]) == ("caisi-founding", 100, True)
    assert best(match, {"query": "http://www.wikidata.org/entity/Q16"})["id"] == "canada"


def test_names_types_and_descriptions_are_in_the_language_of_the_address(match: Match) -> None:
    english = best(match, {"query": "加拿大人工智能安全研究所"}, "/reconcile/en")
    assert english["name"] == "Canadian Artificial Intelligence Safety Institute"
    chinese = best(match, {"query": "Canadian Artificial Intelligence Safety Institute"}, "/reconcile/zh")
    assert (chinese["name"], chinese["description"]) == ("加拿大人工智能安全研究所", "人工智能安全研究所")
    assert chinese["type"][0] == {"id": "aisi:SafetyInstitute", "name": "人工智能安全研究所"}


def test_candidates_come_best_first_and_no_more_than_asked_for(match: Match) -> None:
    found = match({"q": {"query": "Canadian institute", "limit": 2}})["q"]["result"]
    assert len(found) == 2
    every = match({"q": {"query": "Canadian institute", "limit": 1000000}})["q"]["result"]
    scores = [each["score"] for each in every]
    assert scores == sorted(scores, reverse=True)
    assert every[:2] == found


def test_the_same_batch_can_be_asked_by_get(send: Send, match: Match) -> None:
    batch = {"q0": {"query": "CAISI"}, "q1": {"query": "加拿大"}}
    response = send("GET", "/reconcile", params={"queries": json.dumps(batch)})
    assert response.json() == match(batch)


def test_blank_names_have_no_candidates(match: Match) -> None:
    assert match({"q0": {"query": ""}, "q1": {"query": "  "}, "q2": {"query": "!?"}}) == {
        "q0": {"result": []},
        "q1": {"result": []},
        "q2": {"result": []},
    }


@pytest.mark.parametrize(
    ("queries", "status", "code"),
    [
        ("{", 400, "malformed-json"),
        ('{"q0": {"query": NaN}}', 400, "malformed-json"),
        ('{"q0": {"query": "a", "limit": ' + "9" * 5000 + "}}", 400, "malformed-json"),
        ("[" * 50_000, 400, "malformed-json"),
        ("[]", 422, "invalid-parameter"),
        ("null", 422, "invalid-parameter"),
        ('{"q0": "a"}', 422, "invalid-parameter"),
        ('{"q0": {}}', 422, "invalid-parameter"),
        ('{"q0": {"limit": 1}}', 422, "invalid-parameter"),
        ('{"q0": {"properties": []}}', 422, "invalid-parameter"),
        ('{"q0": {"query": 7}}', 422, "invalid-parameter"),
        ('{"q0": {"query": "\\ud800"}}', 422, "invalid-parameter"),
        ('{"\\udfff": {"query": "a"}}', 422, "invalid-parameter"),
        ('{"q0": {"query": "a", "limit": 0}}', 422, "invalid-parameter"),
        ('{"q0": {"query": "a", "limit": 1.5}}', 422, "invalid-parameter"),
        ('{"q0": {"query": "a", "limit": 1e999}}', 422, "invalid-parameter"),
        ('{"q0": {"query": "a", "limit": true}}', 422, "invalid-parameter"),
        ('{"q0": {"query": "a", "limit": "3"}}', 422, "invalid-parameter"),
        ('{"q0": {"query": "a", "type": "aisi:Nothing"}}', 422, "invalid-parameter"),
        ('{"q0": {"query": "a", "type": 7}}', 422, "invalid-parameter"),
        ('{"q0": {"query": "a", "type_strict": "maybe"}}', 422, "invalid-parameter"),
        ('{"q0": {"query": "a", "type_strict": {}}}', 422, "invalid-parameter"),
        ('{"q0": {"query": "a", "propertis": []}}', 422, "invalid-parameter"),
        ('{"q0": {"query": "a", "properties": {}}}', 422, "invalid-parameter"),
        ('{"q0": {"query": "a", "properties": [{"pid": "aisi:risk"}]}}', 422, "invalid-parameter"),
        ('{"q0": {"query": "a", "properties": [{"pid": "aisi:none", "v": 1}]}}', 422, "invalid-parameter"),
        ('{"q0": {"query": "a", "properties": [{"pid": "<x> ?y", "v": 1}]}}', 422, "invalid-parameter"),
        ('{"q0": {"query": "a", "properties": [{"pid": "aisi:risk", "v": null}]}}', 422, "invalid-parameter"),
        ('{"q0": {"query": "a", "properties": [{"pid": "aisi:risk", "v": {}}]}}', 422, "invalid-parameter"),
        ('{"q0": {"query": "' + "a" * 1001 + '"}}', 422, "invalid-parameter"),
        (json.dumps({f"q{n}": {"query": "a"} for n in range(51)}), 413, "batch-too-long"),
    ],
)
def test_what_is_no_batch_is_refused_with_the_place(send: Send, queries: str, status: int, code: str) -> None:
    response = send("POST", "/reconcile", data={"queries": queries})
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.status_code, response.json()["code"]) == (status, code), response.text
    assert response.headers["access-control-allow-origin"] == "*"
    if code == "invalid-parameter":
        assert response.json()["parameter"].startswith("queries")


def test_a_path_is_no_way_into_a_query(send: Send) -> None:
    for pid in (
        "aisi:risk/",
        "/aisi:risk",
        "aisi:risk//aisi:risk",
        "aisi:risk|aisi:date",
        "aisi:risk*",
        "^",
        "",
        "<>",
        "<https://w3id.org/aisi-kg/ontology#risk> . ?a ?b ?c",
        "<https://w3id.org/aisi-kg/ontology#risk>?a",
        "aisi:risk } UNION { ?entity ?p ?value",
        "aisi:risk/aisi:risk/aisi:risk/aisi:risk/aisi:risk",
        "nothing:here",
    ):
        batch = json.dumps({"q0": {"query": "a", "properties": [{"pid": pid, "v": "x"}]}})
        response = send("POST", "/reconcile", data={"queries": batch})
        assert (response.status_code, response.json()["code"]) == (422, "invalid-parameter"), pid


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        ({"data": {}}, 422, "invalid-parameter"),
        ({"data": {"query": "a"}}, 422, "invalid-parameter"),
        (
            {"content": b"queries={}", "headers": {"Content-Type": "text/plain"}},
            415,
            "unsupported-media-type",
        ),
        ({"json": {"q0": {"query": "a"}}}, 415, "unsupported-media-type"),
        ({"data": {"queries": "{}", "extend": "{}"}}, 422, "invalid-parameter"),
        ({"data": {"queries": ["{}", "{}"]}}, 422, "invalid-parameter"),
        ({"data": {"queries": "{}"}, "params": {"queries": "{}"}}, 422, "invalid-parameter"),
        (
            {"content": b"queries=%FF", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
            400,
            "not-utf-8",
        ),
        ({"data": {"queries": "x" * 300_000}}, 413, "body-too-long"),
    ],
)
def test_a_request_that_has_no_batch_is_refused(
    send: Send, options: dict[str, Any], status: int, code: str
) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded", **options.pop("headers", {})}
    if "json" in options:
        headers = {}
    response = send("POST", "/reconcile", headers=headers, **options)
    assert (response.status_code, response.json()["code"]) == (status, code), response.text


def test_the_longest_batch_of_hostile_names_is_answered(match: Match) -> None:
    texts = [
        "a " * 400,
        "人工智能" * 40,
        "\u202e<script>alert(1)</script>",
        "\x00",
        "🦄" * 100,
        "é" * 100,
        "{{id}}",
    ]
    queries = {
        f"q{number}": {
            "query": texts[number % len(texts)],
            "properties": [{"pid": "aisi:instituteOf", "v": [texts[(number + 1) % len(texts)][:30]] * 20}],
        }
        for number in range(50)
    }
    assert set(match(queries)) == set(queries)


@pytest.mark.parametrize(
    ("text", "first", "is_match"),
    [
        ("UK AI Safety Institute", "uk-aisi", True),
        ("英国人工智能安全研究所", "uk-aisi", True),
        ("英国⼈⼯智能安全研究所", "uk-aisi", True),
        ("UK AISI", "uk-aisi", False),
        ("CAISI", "caisi", False),
        # What China's ministry is called too.
        ("商务部", "us-department-of-commerce", False),
        ("National Institute of Standards & Technology (NIST)", "nist", False),
        ("Anthropic PBC", "anthropic", False),
        ("Bengio, Yoshua", "yoshua-bengio", False),
    ],
)
def test_the_projects_entities_are_matched(
    match: Match, send_real: Send, text: str, first: str, is_match: bool
) -> None:
    [candidate, *others] = match({"q0": {"query": text}}, send=send_real)["q0"]["result"]
    assert (candidate["id"], candidate["match"]) == (first, is_match)
    assert not any(each["match"] for each in others)


def test_a_certain_match_is_the_entity_that_has_the_name(match: Match, send_real: Send) -> None:
    """Ask for labels of entities from all over the dataset, fifty at a time."""
    labels: dict[str, list[str]] = {}
    cursor = 0
    entities: list[str] = []
    while True:
        page = send_real(
            "GET", "/reconcile/en/suggest/entity", params={"prefix": "", "cursor": cursor}
        ).json()
        entities += [each["id"] for each in page["result"]]
        if "cursor" not in page:
            break
        cursor = page["cursor"]
    assert len(entities) > 900
    for language in ("en", "zh"):
        query = {
            "ids": entities,
            "properties": [{"id": "skos:prefLabel", "settings": {"language": language}}],
        }
        rows = send_real("POST", "/reconcile", data={"extend": json.dumps(query)}).json()["rows"]
        for entity, row in rows.items():
            for value in row["skos:prefLabel"]:
                labels.setdefault(value["str"], []).append(entity)
    every = list(labels)
    names = every[::11]
    certain = 0
    for start in range(0, len(names), 50):
        part = names[start : start + 50]
        answer = match({name: {"query": name, "limit": 30} for name in part}, send=send_real)
        for name in part:
            found = answer[name]["result"]
            assert set(labels[name]) <= set(ids(answer[name])) or len(set(labels[name])) > 30, name
            for candidate in found:
                if candidate["match"]:
                    certain += 1
                    same = {each for other in every if fold(other) == fold(name) for each in labels[other]}
                    assert same == {candidate["id"]}
    assert certain > 100


ADDRESSES = [
    "http://169.254.169.254/latest/meta-data/",
    "http://127.0.0.1:1/",
    "file:///etc/passwd",
    "gopher://localhost:25/_HELO",
    "//example.org/",
    "https://w3id.org/aisi-kg/entity/../../@example.org/",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_is_compared_and_never_fetched(send: Send, address: str) -> None:
    """The tests refuse every connection that leaves the machine; nothing listens where these lead on it."""
    properties = [{"pid": "aisi:instituteOf", "v": [address, {"id": address, "name": address}]}]
    batch = {
        "q0": {"query": address},
        "q1": {"properties": properties},
        "q2": {"query": "CAISI", "properties": properties},
    }
    answer = send("POST", "/reconcile", data={"queries": json.dumps(batch)}).json()
    assert [len(answer[key]["result"]) for key in ("q0", "q1")] == [0, 0]
    assert not any(each["match"] for each in answer["q2"]["result"])
    query = {"ids": [address], "properties": [{"id": "aisi:instituteOf"}]}
    rows = send("POST", "/reconcile", data={"extend": json.dumps(query)}).json()["rows"]
    assert rows == {address: {"aisi:instituteOf": []}}
    assert send("GET", "/reconcile/en/preview", params={"id": address}).status_code == 404
    assert send("GET", "/reconcile/en/flyout/entity", params={"id": address}).status_code == 404
    for what in ("entity", "property", "type"):
        found = send("GET", f"/reconcile/en/suggest/{what}", params={"prefix": address}).json()["result"]
        assert address not in [each["id"] for each in found]


def test_an_empty_field_counts_as_none(send: Send) -> None:
    queries = json.dumps({"q0": {"query": "CAISI"}})
    filled = send("POST", "/reconcile", data={"queries": queries, "extend": ""})
    assert filled.status_code == 200
    assert filled.json() == send("POST", "/reconcile", data={"queries": queries}).json()
    assert send("GET", "/reconcile?queries=&extend=").json()["versions"] == ["0.2"]
    assert send("POST", "/reconcile", data={"queries": "", "extend": ""}).status_code == 422
