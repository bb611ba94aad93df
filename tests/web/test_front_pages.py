"""The first page, search, tables, comparisons, contradictions, challenges and changes, for a browser."""

import csv
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree as ET

import httpx
import pytest
from pyoxigraph import Quad, RdfFormat, Store

from aisi_kg.project import Project
from aisi_kg.store.engine import Engine
from aisi_kg.store.export.jsonld import load_context
from aisi_kg.store.inquiry import conduct
from aisi_kg.store.library.description import library_of
from aisi_kg.store.results import dataset_prefixes
from aisi_kg.store.search import Index, gather
from aisi_kg.web.app import create_app, create_site
from aisi_kg.web.settings import Settings
from aisi_kg.web.site import DatasetInfo

Get = Callable[..., httpx.Response]

CLAIM = "https://w3id.org/aisi-kg/claim/concordia-2024/"
PAGES = [
    "/",
    "/about",
    "/changes",
    "/challenges",
    "/compare",
    "/contradictions",
    "/search",
    "/search?q=institute",
    "/tables/3.1",
]
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}",
    "'; DROP",
    "\u202e\u0000x",
]


class Page(HTMLParser):
    """Read a page: links, texts, elements; every element has to be closed and every id to be there once."""

    def __init__(self, response: httpx.Response) -> None:
        super().__init__()
        assert response.status_code == 200, response.text[:500]
        self.links: list[str] = []
        self.text = ""
        self.tags: set[str] = set()
        self.ids: list[str] = []
        self.levels: list[int] = []
        self.labelled: set[str] = set()
        self.inputs: list[dict[str, str]] = []
        self._open: list[str] = []
        self.feed(response.text)
        assert self._open == []
        assert len(self.ids) == len(set(self.ids))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        # What the policy of contents refuses.
        assert not any(name == "style" or name.startswith("on") for name in values)
        assert not values.get("href", "").startswith("javascript:")
        self.tags.add(tag)
        if tag not in ("meta", "input", "br", "link"):
            self._open.append(tag)
        if tag == "a":
            self.links.append(values["href"])
        if tag == "script":
            # A script of ours, or data.
            assert values.get("src") or values.get("type") == "application/ld+json"
        if tag == "input":
            self.inputs.append(values)
        if tag == "label" and "for" in values:
            self.labelled.add(values["for"])
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if "id" in values:
            self.ids.append(values["id"])

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def claims(self) -> set[str]:
        """Give the claims that the page leads to, by the last part of their addresses."""
        found = [urlsplit(link).path for link in self.links]
        return {path.rsplit("/", 1)[-1] for path in found if path.startswith("/claim/")}


@pytest.fixture(scope="module")
def make_get(
    overview_quads: list[Quad], project: Project, inline: Any, asking: Callable[..., Any]
) -> Callable[..., Get]:
    """Give a function that takes settings and gives what asks about the dataset of tests/overviews/."""
    store = Store()
    store.bulk_extend(overview_quads)
    change = """@prefix change: <https://w3id.org/aisi-kg/graph/changes#> .
    @prefix dcterms: <http://purl.org/dc/terms/> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    GRAPH <https://w3id.org/aisi-kg/graph/changes> {
      change:one dcterms:issued "2026-01-03"^^xsd:date ; dcterms:title "First <b>things</b>"@en , "首批"@zh ;
        dcterms:description "All & more."@en , "全部。"@zh .
    }"""
    store.load(change, format=RdfFormat.TRIG)
    prefixes = dataset_prefixes(store)
    engine = Engine.exporting(store, prefixes, load_context(project))
    search = Index(conduct(store, gather()))
    dataset = DatasetInfo("0.0.0+mini", prefixes, {}, library_of(store), search)

    def make(**settings: Any) -> Get:
        ask = asking(create_app(create_site(inline(engine), dataset, Settings(**settings))))
        return lambda path, accept="text/html", **options: ask(
            options.pop("method", "GET"), path, accept, **options
        )

    return make


@pytest.fixture(scope="module")
def get(make_get: Callable[..., Get]) -> Get:
    return make_get()


# All of them.


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_is_whole_in_its_language(get: Get, path: str, language: str) -> None:
    response = get(path, headers={"Accept-Language": language})
    page = Page(response)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-language"] == language
    assert response.headers["vary"].startswith("Accept, Accept-Language")
    assert f'<html lang="{language}">' in response.text
    # One title, and no level is passed over on the way down.
    assert page.levels[0] == 1
    assert page.levels.count(1) == 1
    assert all(below <= above + 1 for above, below in zip(page.levels, page.levels[1:], strict=False))
    # Every field has a name.
    fields = [each for each in page.inputs if each.get("type") not in ("hidden", "checkbox")]
    assert fields
    assert {each["id"] for each in fields} <= page.labelled
    again = get(path, headers={"Accept-Language": language, "If-None-Match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", PAGES)
def test_every_link_keeps_the_language_and_leads_somewhere(get: Get, path: str) -> None:
    page = Page(get(path, headers={"Accept-Language": "zh"}))
    for link in dict.fromkeys(page.links):
        parts = urlsplit(link)
        if parts.netloc or not parts.path or parts.path.endswith((".json", ".csv", ".md", ".xlsx")):
            continue
        languages = parse_qs(parts.query).get("lang")
        is_other = link in (f"{path}?lang=en", f"{path}&lang=en")
        assert languages == ["en"] if is_other else languages in (["zh"], None), link
        # The source has no page in this dataset, nor has the ontology one in all.
        if not parts.path.startswith(("/source/", "/ontology", "/.well-known", "/sparql")):
            assert get(link.partition("#")[0]).status_code == 200, link


@pytest.mark.parametrize(
    "path", ["/", "/about", "/changes", "/challenges", "/compare", "/contradictions", "/search"]
)
@pytest.mark.parametrize("suffix", ["?x=1", "?lang=fr", "?lang=en&lang=zh"])
def test_what_is_no_parameter_is_refused(get: Get, path: str, suffix: str) -> None:
    response = get(path + suffix, "application/json")
    assert response.status_code == 422
    assert response.json()["code"] == "invalid-parameter"


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize(
    ("path", "name"),
    [("/search", "q"), ("/compare", "institute"), ("/compare", "property"), ("/contradictions", "kind")],
)
def test_what_a_client_sends_is_never_markup(get: Get, path: str, name: str, value: str) -> None:
    response = get(path, params={name: value})
    assert response.status_code == (200 if path == "/search" else 422)
    assert "<script>alert" not in response.text
    assert "<img" not in response.text
    assert "49" not in re.findall(r"<h1>(.*)</h1>", response.text)[0]


def test_addresses_have_what_a_proxy_puts_before_them(make_get: Callable[..., Get]) -> None:
    get = make_get(public_url="https://example.org/kg")
    for path in ("/", "/compare", "/search?q=institute", "/contradictions", "/challenges"):
        page = Page(get(path))
        local = [link for link in page.links if link.startswith("/")]
        assert local
        assert all(link.startswith("/kg/") for link in local)
    feed = ET.fromstring(get("/changes.atom").text)
    hrefs = [link.get("href", "") for link in feed.iter("{http://www.w3.org/2005/Atom}link")]
    assert all(href.startswith("https://example.org/kg/changes") for href in hrefs)


# The first page.


def test_the_first_page_begins_with_the_institutes(get: Get) -> None:
    page = Page(get("/?lang=en"))
    assert {"r-set-up", "r-set-up-again", "r-money", "r-access", "s-no-money"} <= page.claims()
    assert "not stated" in page.text
    assert "November 2023" in page.text
    assert "/entity/ruritania-aisi?lang=en" in page.links
    assert "First <b>things</b>" in page.text
    assert [each["data-suggest"] for each in page.inputs if "data-suggest" in each] == ["/search.json"] * 2


def test_the_first_page_describes_the_dataset_to_search_engines(get: Get) -> None:
    text = get("/?lang=zh").text
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)
    told = json.loads(data)
    assert (told["@type"], told["name"], told["version"]) == ("Dataset", "AISI-KG：测试", "0.0.0+mini")
    assert [each["name"] for each in told["creator"]] == ["AISI-KG 编者"]
    assert (told["datePublished"], told["dateModified"]) == ("2026-01-02", "2026-11-23")


def test_the_questions_are_those_with_the_tag(get: Get) -> None:
    page = Page(get("/?lang=en"))
    assert "/queries/funding-by-institute?lang=en" in page.links
    listed = {urlsplit(link).path for link in page.links if link.startswith("/queries/")}
    answer = get("/queries?tag=popular", "application/json").json()
    assert {each["path"] for each in answer["queries"]} <= listed


# Tables.


def test_a_gap_is_told_from_an_empty_cell(get: Get) -> None:
    response = get("/tables/3.1?lang=en")
    cells = re.findall(r"<td.*?</td>", response.text, re.DOTALL)
    gap = next(cell for cell in cells if "s-no-money" in cell)
    assert '<span class="not-stated">not stated</span>' in gap
    empty = [cell for cell in cells if 'class="empty"' in cell]
    assert empty
    assert not any("<a" in cell or "not-stated" in cell for cell in empty)


@pytest.mark.parametrize("path", ["/tables/3.1", "/compare"])
def test_a_workbook_by_ending_and_by_accept(get: Get, path: str) -> None:
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    named, asked = get(f"{path}.xlsx?lang=zh"), get(f"{path}?lang=zh", media_type)
    assert named.headers["content-type"] == asked.headers["content-type"] == media_type
    assert named.content == asked.content
    assert named.content.startswith(b"PK")
    assert asked.headers["content-location"] == f"{path}.xlsx?lang=zh"


# Comparisons.


def test_a_comparison_shows_what_was_chosen(get: Get) -> None:
    path = "/compare?institute=syldavia-aisi&institute=entity:ruritania-aisi&property=FundingAspect"
    response = get(path + "&property=aisi:ModelAccess&lang=en")
    page = Page(response)
    assert page.claims() == {"r-money", "r-until", "s-no-money", "r-access"}
    heads = re.findall(r'<th scope="(\w+)">(.*?)</th>', response.text, re.DOTALL)
    names = [re.sub(r"<[^>]+>", "", text).strip() for _, text in heads]
    assert names[:3] == ["Property", "=Syldavian | &lt;b&gt;Institute&lt;/b&gt;", "Ruritanian Institute"]
    assert names[3] == "funding"
    assert "nothing in the source" in page.text
    checked = re.findall(r'value="([^"]+)" checked', response.text)
    assert sorted(checked) == [
        "aisi:FundingAspect",
        "aisi:ModelAccess",
        "entity:ruritania-aisi",
        "entity:syldavia-aisi",
    ]
    # The other language and the formats keep the choice.
    other = next(link for link in page.links if link.endswith("&lang=zh") and link.startswith("/compare?"))
    assert Page(get(other)).claims() == page.claims()
    data = next(link for link in page.links if link.startswith("/compare.csv"))
    rows = list(csv.reader(io.StringIO(get(data, "*/*").text.removeprefix("\ufeff"))))
    assert rows[1][1] == f"'- <{CLAIM}s-no-money>"


def test_without_a_choice_everybody_is_compared(get: Get) -> None:
    told = get("/compare.json?lang=zh", "*/*").json()
    assert [each["label"] for each in told["institutes"]] == ["卢里塔尼亚研究所", "西尔达维亚研究所"]
    (funding,) = [row for row in told["rows"] if row["property"].endswith("#FundingAspect")]
    assert [cell["notStated"] for cell in funding["cells"]] == [False, True]
    assert funding["cells"][1]["values"][0]["claims"][0]["statement"] == "未说明其资金。"


@pytest.mark.parametrize(
    ("suffix", "parameter"),
    [
        ("institute=nobody", "institute"),
        ("property=aisi:Nothing", "property"),
        ("institute=aisi:FundingAspect", "institute"),
    ],
)
def test_what_cannot_be_compared_is_told_with_what_can(get: Get, suffix: str, parameter: str) -> None:
    response = get("/compare?" + suffix, "application/json")
    assert response.status_code == 422
    problem = response.json()
    assert problem["parameter"] == parameter
    known = {"institute": "entity:syldavia-aisi", "property": "aisi:FundingAspect"}[parameter]
    assert known in problem["allowed"]


# Contradictions.


@pytest.mark.parametrize(
    "kind", ["aisi:ConflictingDates", "https://w3id.org/aisi-kg/ontology#ConflictingDates"]
)
def test_contradictions_of_one_kind(get: Get, kind: str) -> None:
    response = get("/contradictions", params={"kind": kind, "lang": "en"})
    page = Page(response)
    assert page.claims() == {"r-set-up", "r-set-up-earlier"}
    assert "/source/concordia-2024/passage/20-24?lang=en" in page.links
    assert "section 3.1, page 4" in page.text
    assert response.text.count('<li class="card side">') == 3
    told = get("/contradictions.json", "*/*", params={"kind": kind}).json()
    assert len(told["contradictions"]) == 1


def test_a_kind_that_no_contradiction_is_of(get: Get) -> None:
    response = get("/contradictions?kind=aisi:Omission", "application/json")
    assert response.status_code == 422
    assert response.json()["allowed"] == ["aisi:ConflictingDates"]


# Search.


def test_a_hit_shows_what_was_searched_for(get: Get) -> None:
    response = get("/search", params={"q": "研究所", "lang": "en"})
    page = Page(response)
    assert "<mark>研究所</mark>" in response.text
    assert 'lang="zh"' in response.text
    assert "/entity/ruritania-aisi?lang=en" in page.links
    assert [each["value"] for each in page.inputs if each.get("id") == "page-search"] == ["研究所"]


def test_hits_of_one_kind_and_the_institutes_that_claims_are_about(get: Get) -> None:
    page = Page(get("/search?q=money&kind=claim&lang=en"))
    assert page.claims() == {"r-until", "s-no-money", "r-money"}
    assert "/compare?institute=syldavia-aisi&lang=en" in page.links
    everything = get("/search.json?q=money&kind=claim&lang=en", "*/*").json()
    (group,) = everything["groups"]
    assert {hit["iri"].removeprefix(CLAIM) for hit in group["hits"]} == page.claims()


def test_nothing_found_says_what_to_do(get: Get) -> None:
    page = Page(get("/search?q=xyzzyx&lang=en"))
    assert "Nothing was found" in page.text
    for suffix in ("kind=nothing", "offset=-1", "offset=x", "q=a&q=b"):
        assert get("/search?" + suffix, "application/json").status_code == 422


# Changes.


def test_the_feed_tells_the_changes(get: Get) -> None:
    response = get("/changes.atom?lang=zh", "*/*")
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    atom = "{http://www.w3.org/2005/Atom}"
    feed = ET.fromstring(response.text)
    assert feed.findtext(f"{atom}updated") == "2026-01-03T00:00:00Z"
    (entry,) = feed.iter(f"{atom}entry")
    assert entry.findtext(f"{atom}id") == "https://w3id.org/aisi-kg/graph/changes#one"
    assert entry.findtext(f"{atom}title") == "首批"
    assert entry.findtext(f"{atom}summary") == "全部。"
    link = entry.find(f"{atom}link")
    assert link is not None
    assert link.get("href") == "http://kg.example.org/changes?lang=zh#one"
    page = Page(get("/changes?lang=zh"))
    assert "one" in page.ids
    head = get("/changes?lang=zh").text.partition("</head>")[0]
    assert 'type="application/atom+xml" href="/changes.atom?lang=zh"' in head


def test_the_pages_tell_the_version(get: Get) -> None:
    assert (
        "The AISI-KG editors (2026). AISI-KG: a test (Version 0.0.0+mini)" in Page(get("/about?lang=en")).text
    )
    assert json.loads(get("/challenges.json", "*/*").text)["challenges"] == []
