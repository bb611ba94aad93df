"""``/openapi.json``: valid by its specification, and true: each operation can be called as it says."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from pyoxigraph import RdfFormat, Store

from aisi_kg.graph.prefixes import META_GRAPH, load_prefixes
from aisi_kg.project import Project
from aisi_kg.store.engine import Engine
from aisi_kg.store.export.jsonld import load_context
from aisi_kg.store.inquiry import conduct
from aisi_kg.store.reconcile import gather_catalogue
from aisi_kg.store.search import Index, gather
from aisi_kg.web.app import create_app, create_site
from aisi_kg.web.settings import Settings
from aisi_kg.web.site import DatasetInfo

Ask = Callable[..., httpx.Response]

#: What is there without stored queries.
LOOKUPS = {"/search.json", "/suggest.json", "/explain", "/cite", "/reconcile"}
BASE = {"/sparql", "/queries", *LOOKUPS}


@pytest.fixture(scope="module")
def document(library_ask: Ask) -> dict[str, Any]:
    response = library_ask("GET", "/openapi.json")
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    found: dict[str, Any] = response.json()
    return found


def test_it_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert [str(error) for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_a_server_without_queries_has_a_valid_one_too(ask: Ask) -> None:
    found = ask("GET", "/openapi.json").json()
    assert [str(error) for error in OpenAPIV31SpecValidator(found).iter_errors()] == []
    assert set(found["paths"]) == BASE


def test_each_stored_query_is_an_operation(document: dict[str, Any], library_ask: Ask) -> None:
    queries = library_ask("GET", "/queries.json").json()["queries"]
    for query in queries:
        operation = document["paths"][f"/queries/{query['id']}"]["get"]
        assert operation["operationId"] == query["id"]
        assert operation["summary"] == query["title"]["en"]
        assert query["title"]["zh"] in operation["description"]
        assert operation["tags"] == query["tags"]
        names = [parameter["name"] for parameter in operation["parameters"]]
        assert names == [*(parameter["name"] for parameter in query["parameters"]), "lang"]
    assert len(document["paths"]) == len(queries) + len(BASE)


def parameter(document: dict[str, Any], id_: str, name: str) -> dict[str, Any]:
    operation = document["paths"][f"/queries/{id_}"]["get"]
    [found] = [each for each in operation["parameters"] if each["name"] == name]
    assert isinstance(found, dict)
    return found


def test_a_parameter_says_its_type_values_and_default(document: dict[str, Any]) -> None:
    assert parameter(document, "money", "institute")["schema"] == {
        "type": "string",
        "enum": ["entity:borduria-aisi", "entity:ruritania-aisi", "entity:syldavia-aisi"],
        "default": "entity:ruritania-aisi",
    }
    assert parameter(document, "totals", "least")["schema"] == {"type": "integer", "default": 2}
    assert parameter(document, "founded", "since")["schema"] == {"type": "string", "format": "date"}
    assert parameter(document, "sized", "size")["schema"]["enum"] == ["small", "large"]
    assert parameter(document, "statements", "language")["schema"]["enum"] == ["en", "zh"]
    assert "enum" not in parameter(document, "statements", "word")["schema"]


def test_each_example_can_be_asked_and_each_answer_is_as_described(
    document: dict[str, Any], library_ask: Ask
) -> None:
    for path, methods in document["paths"].items():
        if path in LOOKUPS:
            # Their examples are of the project's own data; see below.
            continue
        operation = methods["get"]
        examples = {each["name"]: each["example"] for each in operation["parameters"] if "example" in each}
        for name, value in examples.items():
            schema = next(each["schema"] for each in operation["parameters"] if each["name"] == name)
            Draft202012Validator(schema).validate(value)
        response = library_ask("GET", path, params=examples)
        if path == "/queries/elsewhere":
            assert response.status_code == 403
            continue
        assert response.status_code == 200, (path, response.text)
        media_type = response.headers["content-type"].partition(";")[0]
        schema = operation["responses"]["200"]["content"][media_type]["schema"]
        if "json" in media_type:
            resolved = {**schema, "components": document["components"]}
            if "$ref" in schema:
                resolved = {**document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]}
            if media_type != "application/ld+json" and schema != {"type": "string"}:
                Draft202012Validator(resolved).validate(response.json())


def test_a_refusal_is_as_described(document: dict[str, Any], library_ask: Ask) -> None:
    response = library_ask("GET", "/queries/money", params={"institute": "x"})
    schema = document["components"]["schemas"]["Problem"]
    Draft202012Validator(schema).validate(response.json())
    assert str(response.status_code) in document["paths"]["/queries/money"]["get"]["responses"]


def test_each_media_type_that_is_described_is_sent(document: dict[str, Any], library_ask: Ask) -> None:
    for path in ("/queries/money", "/queries/facts", "/queries/any-founded", "/queries"):
        for media_type in document["paths"][path]["get"]["responses"]["200"]["content"]:
            response = library_ask("GET", path, media_type)
            assert response.headers["content-type"].partition(";")[0] == media_type


def test_it_is_kept_as_documents_are(library_ask: Ask) -> None:
    response = library_ask("GET", "/openapi.json")
    assert response.headers["cache-control"] == "public, max-age=600"
    again = library_ask("GET", "/openapi.json", headers={"if-none-match": response.headers["etag"]})
    assert again.status_code == 304


NAMED = f"""
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
GRAPH <{META_GRAPH}> {{
  <{META_GRAPH}#dataset> a dcat:Dataset ; dcat:version "0.0.0+real" ; dcterms:title "A graph"@en , "图谱"@zh .
}}
"""


@pytest.fixture(scope="module")
def real_ask(real: Store, project: Project, inline: Any, asking: Callable[..., Any]) -> Ask:
    """Give what asks about the project's own data, which says what it is called."""
    store = Store()
    store.bulk_extend(real)
    store.load(NAMED.encode(), RdfFormat.TRIG)
    prefixes = load_prefixes(project)
    catalogue = conduct(store, gather_catalogue(prefixes))
    dataset = DatasetInfo("0.0.0+real", prefixes, search=Index(conduct(store, gather())), catalogue=catalogue)
    evaluator = inline(Engine.exporting(store, prefixes, load_context(project)))
    ask: Ask = asking(create_app(create_site(evaluator, dataset, Settings(max_body_bytes=10_000))))
    return ask


def holds(document: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    Draft202012Validator({**schema, "components": document["components"]}).validate(value)


def described(document: dict[str, Any], path: str, method: str, status: int) -> dict[str, Any]:
    """Give what is described of an answer: its media types."""
    answers = document["paths"][path][method.lower()]["responses"]
    assert str(status) in answers, (path, method, status)
    answer = answers[str(status)]
    if "$ref" in answer:
        answer = document["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    content: dict[str, Any] = answer["content"]
    return content


def is_as_described(document: dict[str, Any], path: str, method: str, response: httpx.Response) -> str:
    """Hold an answer against the description; give its media type."""
    media_type = response.headers["content-type"].partition(";")[0]
    content = described(document, path, method, response.status_code)
    assert media_type in content, (path, method, media_type)
    value = response.json() if media_type.endswith("json") else response.text
    holds(document, content[media_type]["schema"], value)
    return media_type


EXPLAINED = "/explain"
JSON = "application/json"
CLAIM = {"claim": "claim:3.1-us-aisi-funding"}
NAMES = {"q0": {"query": "CAISI", "type": "aisi:SafetyInstitute", "limit": 3}}
WANTED = {
    "ids": ["uk-aisi", "nobody"],
    "properties": [
        {"id": "aisi:hasParentAgency", "settings": {"show": "claims"}},
        {"id": "^aisi:fundingRecipient/aisi:amount"},
        {"id": "^aisi:establishes/aisi:date", "settings": {"limit": 1}},
        {"id": "aisi:instituteOf", "settings": {"language": "all"}},
    ],
}


def test_each_example_of_a_lookup_finds_something(document: dict[str, Any], real_ask: Ask) -> None:
    for path in LOOKUPS:
        operation = document["paths"][path]["get"]
        examples = {each["name"]: each["example"] for each in operation["parameters"] if "example" in each}
        for each in operation["parameters"]:
            if "example" in each:
                holds(document, each["schema"], each["example"])
        response = real_ask("GET", path, params=examples)
        assert response.status_code == 200, response.text
        is_as_described(document, path, "GET", response)
    assert real_ask("GET", "/search.json", params={"q": "model access"}).json()["total"] > 10
    assert len(real_ask("GET", "/suggest.json", params={"q": "uk"}).json()[1]) == 8
    body = document["paths"]["/reconcile"]["post"]["requestBody"]["content"]
    form = body["application/x-www-form-urlencoded"]
    holds(document, form["schema"], form["example"])
    response = real_ask("POST", "/reconcile", data=form["example"])
    is_as_described(document, "/reconcile", "POST", response)
    assert response.json()["q0"]["result"][0]["match"] is True
    holds(document, document["components"]["schemas"]["Names"], json.loads(form["example"]["queries"]))


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/search.json", {}),
        ("/search.json", {"q": "uk", "kind": ["entity", "query"], "limit": 1, "offset": 2, "lang": "zh"}),
        ("/search.json", {"q": "研究所 money nonsense", "class": "aisi:SafetyInstitute"}),
        ("/suggest.json", {"q": "", "kind": "term", "limit": 100}),
        (EXPLAINED, {"triple": "entity:kenya a aisi:NetworkMemberWithoutInstitute", "lang": "zh"}),
        (EXPLAINED, {"subject": "entity:us-aisi", "predicate": "a", "object": "aisi:SafetyInstitute"}),
        (EXPLAINED, {"triple": "entity:uk-aisi aisi:instituteOf entity:united-kingdom"}),
        (EXPLAINED, {"triple": "entity:uk-aisi aisi:instituteOf entity:japan"}),
        (EXPLAINED, {"triple": 'entity:uk-aisi skos:prefLabel "AI"@en'}),
        ("/cite", {**CLAIM, "lang": "zh"}),
        ("/reconcile", {"lang": "zh"}),
        ("/reconcile", {"queries": json.dumps(NAMES)}),
        ("/reconcile", {"extend": json.dumps(WANTED)}),
        ("/reconcile", {"queries": "{}"}),
    ],
)
def test_an_answer_has_the_members_that_are_described(
    document: dict[str, Any], real_ask: Ask, path: str, params: dict[str, Any]
) -> None:
    names = {each["name"] for each in document["paths"][path]["get"]["parameters"]}
    assert set(params) <= names
    response = real_ask("GET", path, JSON if path == EXPLAINED else None, params=params)
    assert response.status_code in (200, 404)
    is_as_described(document, path, "GET", response)


def test_what_is_asked_of_reconciliation_is_described(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    holds(document, schemas["Names"], NAMES)
    holds(document, schemas["Wanted"], WANTED)
    refused: tuple[dict[str, Any], ...] = (
        {"q0": {}},
        {"q0": {"query": "x" * 1001}},
        {"q0": {"query": "x", "limit": 0}},
    )
    for wrong in refused:
        assert not Draft202012Validator(schemas["Names"]).is_valid(wrong)


def test_each_media_type_of_a_lookup_is_sent(document: dict[str, Any], real_ask: Ask) -> None:
    example = {
        each["name"]: each["example"] for each in document["paths"][EXPLAINED]["get"]["parameters"][:3]
    }
    styles = next(each for each in document["paths"]["/cite"]["get"]["parameters"] if each["name"] == "style")
    sent: dict[str, set[str]] = {path: set() for path in LOOKUPS}
    for accept in ("text/html", JSON):
        response = real_ask("GET", EXPLAINED, accept, params=example)
        sent[EXPLAINED].add(is_as_described(document, EXPLAINED, "GET", response))
    for style in (*styles["schema"]["enum"], ""):
        response = real_ask("GET", "/cite", "text/html", params={**CLAIM, "style": style})
        sent["/cite"].add(is_as_described(document, "/cite", "GET", response))
    for path in ("/search.json", "/suggest.json", "/reconcile"):
        sent[path].add(is_as_described(document, path, "GET", real_ask("GET", path)))
    for path, media_types in sent.items():
        assert media_types == set(described(document, path, "GET", 200))


#: How each error that is described comes about; 503 needs a server with limits, see tests/server.
REFUSED: dict[tuple[str, str], list[dict[str, Any]]] = {
    ("GET", "/search.json"): [{"query": "q=%ff"}, {"params": {"x": "1"}}, {"params": {"limit": "101"}}],
    ("GET", "/suggest.json"): [{"query": "q=%ff"}, {"params": {"class": "aisi:Claim"}}],
    ("GET", EXPLAINED): [
        {"query": "triple=%ff"},
        {"params": {"triple": "entity:uk-aisi a aisi:Claim"}, "accept": JSON},
        {"params": {"triple": "entity:uk-aisi a aisi:Claim"}, "accept": "text/html"},
        {"params": {"triple": "entity:uk-aisi a aisi:Claim"}, "accept": "text/turtle"},
        {"params": {"subject": "entity:uk-aisi"}},
    ],
    ("GET", "/cite"): [
        {"query": "claim=%ff"},
        {"params": {"claim": "claim:nothing"}},
        {"params": CLAIM, "accept": "text/turtle"},
        {"params": {**CLAIM, "style": "mla"}},
        {"params": {}},
    ],
    ("GET", "/reconcile"): [
        {"params": {"queries": "{"}},
        {"params": {"queries": json.dumps({str(number): {"query": "a"} for number in range(51)})}},
        {"params": {"callback": "f"}},
        {"params": {"extend": "{}"}},
    ],
    ("POST", "/reconcile"): [
        {"data": {"queries": "{"}},
        {"data": {"queries": " " * 10_000}},
        {"json": NAMES},
        {"data": {"queries": "{}", "extend": "{}"}},
        {"data": {"queries": json.dumps({"q0": {}})}},
    ],
}


@pytest.mark.parametrize(("method", "path"), list(REFUSED))
def test_each_error_of_a_lookup_is_described_and_no_other(
    document: dict[str, Any], real_ask: Ask, method: str, path: str
) -> None:
    met = set()
    for options in REFUSED[method, path]:
        # What is not UTF-8 is sent as it stands.
        sent = {name: value for name, value in options.items() if name not in ("accept", "query")}
        address = f"{path}?{options['query']}" if "query" in options else path
        response = real_ask(method, address, options.get("accept"), **sent)
        assert response.status_code >= 400, options
        is_as_described(document, path, method, response)
        met.add(str(response.status_code))
    assert met == set(document["paths"][path][method.lower()]["responses"]) - {"200", "503"}


def test_every_lookup_is_described_with_its_errors(document: dict[str, Any]) -> None:
    assert {(method.upper(), path) for path in LOOKUPS for method in document["paths"][path]} == set(REFUSED)
