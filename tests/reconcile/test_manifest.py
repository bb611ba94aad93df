"""What the service says about itself, and that each of its addresses is answered."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

Send = Callable[..., httpx.Response]
Check = Callable[[str, Any], Any]


@pytest.fixture(scope="module")
def manifest(send: Send, check: Check) -> Any:
    return check("manifest", send("GET", "/reconcile").json())


def test_it_is_a_manifest_of_version_0_2(manifest: Any) -> None:
    assert manifest["versions"] == ["0.2"]
    assert manifest["identifierSpace"] == "https://w3id.org/aisi-kg/entity/"
    assert manifest["defaultTypes"][0]["id"] == "aisi:SafetyInstitute"


@pytest.mark.parametrize(
    ("path", "accept_language", "language"),
    [
        ("/reconcile", "", "en"),
        ("/reconcile", "zh-CN,zh;q=0.9,en;q=0.1", "zh"),
        ("/reconcile?lang=zh", "en", "zh"),
        ("/reconcile/en", "zh", "en"),
        ("/reconcile/zh", "en", "zh"),
    ],
)
def test_the_language_is_chosen_and_kept_in_every_address(
    send: Send, check: Check, path: str, accept_language: str, language: str
) -> None:
    manifest = check("manifest", send("GET", path, headers={"Accept-Language": accept_language}).json())
    assert (
        manifest["defaultTypes"][0]["name"]
        == {"en": "AI safety institute", "zh": "人工智能安全研究所"}[language]
    )
    assert manifest["suggest"]["entity"]["service_path"] == f"/reconcile/{language}/suggest/entity"
    assert f"/reconcile/{language}/" in manifest["preview"]["url"]


def test_every_address_is_answered(send: Send, manifest: Any) -> None:
    for what in ("entity", "property", "type"):
        place = manifest["suggest"][what]
        url = place["service_url"] + place["service_path"]
        first = send("GET", url, params={"prefix": "a"}).json()["result"][0]
        flyout = place["flyout_service_url"] + place["flyout_service_path"].replace("${id}", first["id"])
        assert send("GET", flyout).json()["id"] == first["id"]
    assert send("GET", manifest["preview"]["url"].replace("{{id}}", "caisi")).status_code == 200
    place = manifest["extend"]["propose_properties"]
    assert send("GET", place["service_url"] + place["service_path"] + "?type=aisi:Country").status_code == 200
    assert send("GET", manifest["view"]["url"].replace("{{id}}", "caisi")).status_code == 200
    assert send("GET", manifest["documentation"]).status_code == 200


def test_behind_a_proxy_the_addresses_are_those_that_its_clients_know(make_send: Callable[..., Send]) -> None:
    manifest = make_send(public_url="https://example.org/kg")("GET", "/reconcile").json()
    assert manifest["view"]["url"] == "https://example.org/kg/entity/{{id}}"
    assert manifest["suggest"]["type"]["service_url"] == "https://example.org/kg"


def test_scripts_of_every_origin_may_read_it(send: Send) -> None:
    origin = {"Origin": "http://127.0.0.1:3333"}
    for path in ("/reconcile", "/reconcile/en/suggest/entity?prefix=a", "/reconcile/en/properties?type="):
        assert send("GET", path, headers=origin).headers["access-control-allow-origin"] == "*"
    asked = {**origin, "Access-Control-Request-Method": "POST"}
    for path in ("/reconcile", "/reconcile/zh"):
        assert "POST" in send("OPTIONS", path, headers=asked).headers["access-control-allow-methods"]
    assert "POST" not in send("OPTIONS", "/search.json").headers["access-control-allow-methods"]


def test_jsonp_is_refused_with_the_reason(send: Send) -> None:
    for path in (
        "/reconcile",
        "/reconcile/en/suggest/type",
        "/reconcile/en/properties",
        "/reconcile/en/preview",
        "/reconcile/en/flyout/type",
    ):
        response = send("GET", path, params={"callback": "alert(1)//"})
        assert (response.status_code, response.json()["code"]) == (422, "invalid-parameter")
        assert "CORS" in response.json()["detail"]


def test_there_is_no_third_language(send: Send) -> None:
    for path in (
        "/reconcile/fr",
        "/reconcile/fr/suggest/entity",
        "/reconcile/fr/preview",
        "/reconcile/fr/properties",
    ):
        response = send("GET", path)
        assert (response.status_code, response.json()["code"]) == (404, "not-found")
        assert response.json()["near"] == ["/reconcile/en", "/reconcile/zh"]
