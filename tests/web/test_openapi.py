"""``/openapi.json``: valid by its specification, and true: each operation can be called as it says."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

Ask = Callable[..., httpx.Response]


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
    assert set(found["paths"]) == {"/sparql", "/queries"}


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
    assert len(document["paths"]) == len(queries) + 2


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
