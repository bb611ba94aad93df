"""Tables, time line, matrices, contradictions, explanations and citations over HTTP."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from aisi_kg.web.app import create_app
from aisi_kg.web.site import Site

Ask = Callable[..., httpx.Response]

CLAIM = "https://w3id.org/aisi-kg/claim/concordia-2024/"
PAGES = ["/tables/3.1", "/timeline", "/contradictions", "/network"]
MEMBER = "entity:ruritania-aisi a aisi:InstituteWithPreDeploymentAccess"


class Links(HTMLParser):
    """Collect the links of a page, and check that every element is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.text = ""
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # The frame's own scripts are files of this server.
        if not (tag == "script" and str(dict(attrs).get("src")).startswith("/static/")):
            self.tags.add(tag)
        if tag not in ("meta", "input", "br", "link"):
            self.open.append(tag)
        self.links += [value for name, value in attrs if name == "href" and value]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture(scope="module")
def get(overview_ask: Ask) -> Ask:
    """Give what asks an application over the dataset of tests/overviews/."""
    ask = overview_ask

    def get(path: str, accept: str | None = None, **options: Any) -> httpx.Response:
        return ask(options.pop("method", "GET"), path, accept, **options)

    return get


def is_problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert response.status_code == status, response.text[:500]
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["code"] == code
    assert problem["detail"].endswith(".")
    return problem


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("language", "other"), [("en", "zh"), ("zh", "en")])
def test_a_page_is_there_in_both_languages(get: Ask, path: str, language: str, other: str) -> None:
    for response in (
        get(path, headers={"Accept-Language": language}),
        get(f"{path}?lang={language}", headers={"Accept-Language": other}),
    ):
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/html; charset=utf-8"
        assert response.headers["content-language"] == language
        assert f'<html lang="{language}">' in response.text
        assert f"{path}?lang={other}" in Links(response.text).links
        assert "<script>" not in response.text
        assert "<b>" not in response.text


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_a_page_leads_somewhere(get: Ask, path: str) -> None:
    links = [link for link in Links(get(path).text).links if link.startswith("/")]
    assert any(link.startswith("/claim/") for link in links)
    if path == "/network":
        links = [link for link in links if not link.startswith("/network.csv")]
    for link in dict.fromkeys(links):
        assert get(link.partition("#")[0]).status_code == 200, link


@pytest.mark.parametrize("path", ["/tables/3.1", "/timeline", "/contradictions", "/network?matrix=access"])
@pytest.mark.parametrize(
    ("extension", "media_type"),
    [
        ("json", "application/json"),
        ("csv", "text/csv; charset=utf-8"),
        ("md", "text/markdown; charset=utf-8"),
        ("html", "text/html; charset=utf-8"),
    ],
)
def test_a_format_by_ending_and_by_accept(get: Ask, path: str, extension: str, media_type: str) -> None:
    stem, mark, suffix = path.partition("?")
    named = get(f"{stem}.{extension}{mark}{suffix}")
    asked = get(path, media_type.partition(";")[0])
    assert named.headers["content-type"] == asked.headers["content-type"] == media_type
    assert named.content == asked.content
    assert asked.headers["content-location"] == f"{stem}.{extension}{mark}{suffix}"
    assert "content-location" not in named.headers
    assert named.headers["vary"] == "Accept, Accept-Language, Accept-Encoding"
    again = get(path, media_type.partition(";")[0], headers={"If-None-Match": asked.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    head = get(path, media_type.partition(";")[0], method="HEAD")
    assert (head.status_code, head.content) == (200, b"")


def test_a_table_as_csv_is_a_table(get: Ask) -> None:
    text = get("/tables/3.1.csv?lang=zh").text
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert rows[0] == ["行", "研究所", "资金", "人员"]
    assert rows[2][2] == f"'- <{CLAIM}s-no-money>"
    assert {len(row) for row in rows} == {4}


def test_the_network_is_two_matrices(get: Ask) -> None:
    both = get("/network.json").json()
    assert sorted(both) == ["access", "cooperation"]
    assert get("/network.json?matrix=access").json() == both["access"]
    problem = is_problem(get("/network.csv"), 422, "invalid-parameter")
    assert (problem["parameter"], problem["allowed"]) == ("matrix", ["cooperation", "access"])
    is_problem(get("/network?matrix=x"), 422, "invalid-parameter")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/tables/3.3", 404, "not-found"),
        ("/tables/3.1.xml", 404, "not-found"),
        ("/timeline.xml", 404, "not-found"),
        ("/explain.xml", 404, "not-found"),
        ("/tables/3.1?lang=fr", 422, "invalid-parameter"),
        ("/tables/3.1?x=1", 422, "invalid-parameter"),
        ("/timeline?matrix=access", 422, "invalid-parameter"),
        ("/tables/3.1?lang=%ff", 400, "not-utf-8"),
    ],
)
def test_what_is_not_there(get: Ask, path: str, status: int, code: str) -> None:
    is_problem(get(path, "application/json"), status, code)


def test_the_log_names_the_pages(
    make_overview_site: Callable[..., Site], asking: Callable[..., Ask], capsys: pytest.CaptureFixture[str]
) -> None:
    site = make_overview_site()
    ask = asking(create_app(site))
    paths = [
        "/tables/3.1",
        "/timeline.json",
        "/network.svg",
        "/contradictions.csv",
        "/explain",
        "/cite",
        "/other",
    ]
    for path in paths:
        ask("GET", path)
    site.log.flush()
    routes = re.findall(r" GET (\S+) ", capsys.readouterr().err)
    assert routes == ["/tables", *paths[1:6], "/…"]


def test_a_table_in_no_format(get: Ask) -> None:
    is_problem(get("/tables/3.1", "image/png"), 406, "not-acceptable")


# Explanations.


def test_a_triple_is_given_whole_or_in_parts(get: Ask) -> None:
    subject, predicate, object_ = MEMBER.split()
    whole = get(f"/explain.json?triple={quote(MEMBER)}")
    parts = get(f"/explain.json?subject={subject}&predicate={predicate}&object={object_}")
    full = get(
        "/explain",
        "application/json",
        params={
            "subject": "<https://w3id.org/aisi-kg/entity/ruritania-aisi>",
            "predicate": "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>",
            "object": object_,
        },
    )
    assert whole.status_code == 200
    assert whole.json() == parts.json() == full.json()
    told = whole.json()
    assert told["status"] == "inferred"
    assert told["because"]["rule"]["name"] == "definition"
    assert list(told["claims"]) == [CLAIM + "r-access"]
    assert told["triple"]["subject"]["label"] == "Ruritanian Institute"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_explanation_is_a_page(get: Ask, language: str) -> None:
    response = get(f"/explain?triple={quote(MEMBER)}&lang={language}")
    assert response.status_code == 200
    page = Links(response.text)
    assert f"/claim/concordia-2024/r-access?lang={language}" in page.links
    assert "(aisi:hasAccess some (aisi:accessStage value aisi:PreDeployment))" in page.text
    for link in page.links:
        if link.startswith("/") and not link.startswith("/ontology"):
            assert get(link).status_code == 200, link


def test_without_a_triple_there_is_a_form(get: Ask) -> None:
    response = get("/explain")
    assert response.status_code == 200
    assert re.findall(r'<input id="(\w+)"', response.text) == ["subject", "predicate", "object"]
    problem = is_problem(get("/explain.json"), 422, "invalid-parameter")
    assert problem["parameter"] == "subject"


def test_what_nobody_states_is_not_found_and_the_rest_is_told(get: Ask) -> None:
    path = "/explain?triple=" + quote('entity:r-set-up aisi:date "2023"^^xsd:gYear')
    problem = is_problem(get(path, "application/json"), 404, "not-stated")
    assert [each["object"]["value"] for each in problem["instead"]] == ["2023-10-05", "2023-11"]
    page = get(path)
    assert page.status_code == 404
    assert "/claim/concordia-2024/r-set-up-earlier?lang=en" in Links(page.text).links


@pytest.mark.parametrize(
    "suffix",
    [
        "triple=x",
        "triple=entity:acme+a+aisi:A&subject=entity:acme",
        "subject=entity:acme&predicate=a",
        "subject=entity:acme&subject=entity:acme",
        "subject=entity:acme+a+aisi:A+.+entity:acme&predicate=a&object=aisi:B",
        "subject=entity:acme&predicate=a&object=" + quote('"}'),
        "object=" + quote("<https://e.org/>} UNION { ?s ?p ?o"),
        "colour=red",
    ],
)
def test_what_is_no_triple_is_refused(get: Ask, suffix: str) -> None:
    is_problem(get(f"/explain?{suffix}", "application/json"), 422, "invalid-parameter")


@pytest.mark.parametrize("value", ["<script>alert(1)</script>", '"} ?s ?p ?o {', "a\\\\b\\nc", "☃ 'x' `y`"])
def test_what_a_client_sends_comes_back_as_text(get: Ask, value: str) -> None:
    literal = json.dumps(value.replace("\\", ""), ensure_ascii=False)
    response = get("/explain", params={"triple": f"entity:r-set-up aisi:date {literal}"})
    assert response.status_code == 404
    page = Links(response.text)
    assert "script" not in page.tags
    assert "/claim/concordia-2024/r-set-up-earlier?lang=en" in page.links


# Citations.


def test_a_citation_in_each_style(get: Ask) -> None:
    today = datetime.now(UTC).date().isoformat()
    for style, media_type in (
        ("gbt7714", "text/plain; charset=utf-8"),
        ("bibtex", "application/x-bibtex; charset=utf-8"),
        ("csl-json", "application/vnd.citationstyles.csl+json"),
        ("apa", "text/plain; charset=utf-8"),
    ):
        response = get(f"/cite?claim={CLAIM}r-money&style={style}")
        assert response.status_code == 200
        assert response.headers["content-type"] == media_type
        assert CLAIM + "r-money" in response.text
        assert f'<{CLAIM}r-money>; rel="canonical"' in response.headers["link"]
        if style in ("gbt7714", "bibtex"):
            assert today in response.text
    assert get("/cite?claim=claim:r-money").text.startswith("AISI-KG editors. (2026). It has at first")
    assert get("/cite?claim=claim:r-money&lang=zh").text.startswith("AISI-KG 编者. (2026). 初始资金")
    # What a browser likes does not change a style.
    chinese = get("/cite?claim=claim:r-money", headers={"Accept-Language": "zh"})
    assert chinese.text.startswith("AISI-KG editors.")


BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_browser_sees_every_style(get: Ask, language: str) -> None:
    response = get(f"/cite?claim=claim:r-money&lang={language}", BROWSER)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    page = Links(response.text)
    assert re.findall("<h2>(.*?)</h2>", response.text)[:4] == [
        "GB/T 7714-2015",
        "APA 7",
        "BibTeX",
        "CSL-JSON",
    ]
    for style in ("gbt7714", "apa", "bibtex", "csl-json"):
        [link] = [each for each in page.links if f"style={style}" in each]
        written = get(link).text.strip()
        assert written in page.text
    assert f"/claim/concordia-2024/r-money?lang={language}" in page.links


def test_a_browser_is_asked_for_a_claim(get: Ask) -> None:
    response = get("/cite", BROWSER)
    assert response.status_code == 200
    assert '<input id="claim" name="claim"' in response.text
    missing = get("/cite?claim=claim:nothing", BROWSER)
    assert (missing.status_code, missing.headers["content-type"]) == (404, "text/html; charset=utf-8")


@pytest.mark.parametrize("value", ["<script>alert(1)</script>", '"><b>', "nowhere:x"])
def test_a_claim_that_is_none_is_not_repeated_as_markup(get: Ask, value: str) -> None:
    response = get("/cite", BROWSER, params={"claim": value})
    assert response.status_code in (404, 422)
    assert "<b>" not in response.text
    assert "<script>" not in response.text


@pytest.mark.parametrize(
    ("suffix", "status", "code"),
    [
        ("", 422, "invalid-parameter"),
        ("?claim=", 422, "invalid-parameter"),
        ("?claim=nowhere:x", 422, "invalid-parameter"),
        ("?claim=claim:r-money&style=mla", 422, "invalid-parameter"),
        ("?claim=claim:r-money&x=1", 422, "invalid-parameter"),
        ("?claim=claim:nothing", 404, "not-found"),
        ("?claim=entity:acme", 404, "not-found"),
        ("?claim=" + quote("https://e.org/> } {"), 404, "not-found"),
    ],
)
def test_what_cannot_be_cited(get: Ask, suffix: str, status: int, code: str) -> None:
    is_problem(get("/cite" + suffix), status, code)
