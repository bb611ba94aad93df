"""Search and reconciliation by real processes: index in the web process, values from the workers."""

import json

import httpx
import pytest
from tests.server.conftest import Server

ENTITY = "ruritania-aisi"


@pytest.fixture(scope="module")
def client(server: Server) -> httpx.Client:
    return server.client


def test_a_name_is_searched_for_and_completed(client: httpx.Client) -> None:
    found = client.get("/search.json", params={"q": "⼈⼯智能", "lang": "zh"}).json()
    assert found["groups"][0]["hits"][0]["path"] == f"/entity/{ENTITY}"
    assert client.get("/suggest.json", params={"q": "rurit"}).json()[1][0] == "Ruritanian AI Safety Institute"


def test_a_form_is_answered_with_candidates(client: httpx.Client) -> None:
    queries = {f"q{number}": {"query": "Ruritanian AI Safety Institute"} for number in range(50)}
    answer = client.post("/reconcile", data={"queries": json.dumps(queries)}).json()
    assert len(answer) == 50
    for found in answer.values():
        assert [(each["id"], each["match"]) for each in found["result"]] == [(ENTITY, True)]


def test_values_come_from_the_workers(client: httpx.Client) -> None:
    query = {"ids": [ENTITY], "properties": [{"id": "aisi:hasHost"}]}
    answer = client.post("/reconcile/en", data={"extend": json.dumps(query)}).json()
    assert answer["rows"][ENTITY] == {"aisi:hasHost": [{"str": "https://w3id.org/aisi-kg/entity/ruritania"}]}
    preview = client.get("/reconcile/en/preview", params={"id": ENTITY})
    assert preview.status_code == 200
    assert "x-frame-options" not in preview.headers
    assert client.get("/reconcile/en/preview?id=none").headers["x-frame-options"] == "DENY"


def test_a_browser_may_ask_before_it_posts(client: httpx.Client) -> None:
    asked = {"Origin": "http://127.0.0.1:3333", "Access-Control-Request-Method": "POST"}
    allowed = client.options("/reconcile", headers=asked).headers["access-control-allow-methods"]
    assert "POST" in allowed.split(", ")


def test_a_long_body_is_refused(client: httpx.Client) -> None:
    response = client.post("/reconcile", data={"queries": "x" * 70_000})
    assert (response.status_code, response.json()["code"]) == (413, "body-too-long")
