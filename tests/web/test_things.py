"""Pages about things: entities, claims, sources, footnotes, publications; and what is not there."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import Quad, RdfFormat, Store, parse

from aisi_kg.graph.dataset import merge
from aisi_kg.project import Project
from aisi_kg.store.engine import Engine
from aisi_kg.store.export.jsonld import load_context
from aisi_kg.store.library.description import library_of
from aisi_kg.store.results import dataset_prefixes
from aisi_kg.store.source_texts import SourceTexts
from aisi_kg.text import read_report
from aisi_kg.web.app import create_app, create_site
from aisi_kg.web.settings import Settings
from aisi_kg.web.site import DatasetInfo

Ask = Callable[..., httpx.Response]

BASE = "https://w3id.org/aisi-kg/"
CLAIM = "/claim/concordia-2024/"
SOURCE = "/source/concordia-2024"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
REPORT = Path(__file__).resolve().parent.parent / "text" / "mini-report.txt"
PAGES = [
    "/entity/ruritania-aisi",
    "/entity/ruritania",
    "/entity/hostile",
    CLAIM + "r-money",
    CLAIM + "r-risks",
    CLAIM + "s-no-money",
    SOURCE,
    SOURCE + "/section/2",
    SOURCE + "/footnote/7",
    SOURCE + "/footnote/9",
    SOURCE + "/passage/90-99",
    SOURCE + "/discrepancy/set-up",
    "/publication/money-2023",
    "/publication/open-questions",
    "/footnotes",
    "/publications",
    "/publications?by=date",
    "/graph/entities",
    "/graph/meta",
    "/.well-known/void",
]


class Page(HTMLParser):
    """Collect the links of a page, its text, its headings, and its data; every element has to be closed."""

    VOID = frozenset(["meta", "input", "br", "link"])

    def __init__(self, response: httpx.Response) -> None:
        super().__init__()
        self.hrefs: dict[str, str] = {}
        self.text = ""
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.marked = ""
        self._open: list[str] = []
        self._href = ""
        self._is_first = False
        self.feed(response.text)
        assert self._open == []
        found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.text, re.DOTALL)
        self.data: dict[str, Any] = json.loads(found[0]) if found else {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert not [name for name in given if name == "style" or name.startswith("on")]
        if tag not in self.VOID:
            self._open.append(tag)
        if tag == "a":
            self._href = given.get("href") or ""
            # Of several links to one address, the text of the first.
            self._is_first = self._href not in self.hrefs
            self.hrefs.setdefault(self._href, "")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if given.get("id"):
            self.ids.append(given["id"] or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        if tag == "a":
            self._href = ""

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._href and self._is_first:
            self.hrefs[self._href] += data
        if "mark" in self._open:
            self.marked += data


@pytest.fixture(scope="module")
def make(
    overview_quads: list[Quad], project: Project, inline: Any, asking: Callable[..., Ask]
) -> Callable[..., Ask]:
    """Give a function that takes settings and texts and gives what asks for pages."""
    text = read_report(REPORT)
    # The digest of the text that positions count in.
    trig = (Path(__file__).parent / "things.trig").read_text("utf-8").replace("DIGEST", text.sha256)
    quads = list(parse(trig, RdfFormat.TRIG))
    store = Store()
    store.bulk_extend([*overview_quads, *quads, *merge(quads)])
    prefixes = dataset_prefixes(store)
    engine = Engine.exporting(store, prefixes, load_context(project))

    def make(*, has_text: bool = False, **settings: Any) -> Ask:
        texts = SourceTexts([text] if has_text else [])
        dataset = DatasetInfo("0.0.0+mini", prefixes, {}, library_of(store), texts=texts)
        return asking(create_app(create_site(inline(engine), dataset, Settings(**settings))))

    return make


@pytest.fixture(scope="module")
def ask(make: Callable[..., Ask]) -> Ask:
    return make()


def page(ask: Ask, path: str, language: str = "en", status: int = 200) -> Page:
    joined = "&" if "?" in path else "?"
    response = ask("GET", f"{path}{joined}lang={language}", BROWSER)
    assert response.status_code == status
    assert response.headers["content-language"] == language
    return Page(response)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_well_made_and_leads_somewhere(ask: Ask, path: str, language: str) -> None:
    found = page(ask, path, language)
    assert found.headings.count(1) == 1
    assert found.headings[0] == 1
    assert all(after <= before + 1 for before, after in zip(found.headings, found.headings[1:], strict=False))
    assert len(set(found.ids)) == len(found.ids)
    assert "None" not in found.text
    for href, text in found.hrefs.items():
        assert href.startswith(("/", "#", "https://", "http://"))
        assert not href.startswith(BASE)
        assert BASE not in text or text in (BASE + path.removeprefix("/"), BASE)
        # What leads into the page has its place there.
        if href.startswith("#") and href != "#content" and len(href) > 1:
            assert href[1:] in found.ids
        if href.startswith(("/entity", "/claim", "/source", "/publication", "/graph")):
            assert ask("GET", href, BROWSER).status_code in (200, 404)
            is_other = text in ("中文", "English") or "." in href.rpartition("/")[2]
            assert is_other or f"lang={language}" in href


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_the_headers_of_a_document(ask: Ask, path: str) -> None:
    response = ask("GET", path, BROWSER)
    assert {"Accept", "Accept-Language"} <= set(response.headers["vary"].split(", "))
    tag = response.headers["etag"]
    assert ask("GET", path, BROWSER, headers={"if-none-match": tag}).status_code == 304
    assert 'rel="describedby"' in response.headers["link"]
    if path not in ("/footnotes", "/publications", "/publications?by=date", "/.well-known/void"):
        assert f'<{path}.ttl>; rel="alternate"; type="text/turtle"' in response.headers["link"]
        assert f'<{BASE}{path[1:]}>; rel="canonical"' in response.headers["link"]
        assert response.headers["content-location"] == path + ".html"
        assert ask("GET", path + ".ttl").status_code == 200


# --- Claims -------------------------------------------------------------------------------------------------


def test_a_claim_says_what_in_words_and_where(ask: Ask) -> None:
    found = page(ask, CLAIM + "r-money")
    for words in (
        "It has at first more than 1.5 billion pounds.",
        "初始资金超过15亿英镑。",
        "1.5 billion",
        "pound sterling",
    ):
        assert words in found.text
    assert found.hrefs["/entity/r-fund?lang=en"] == "Initial money of the institute"
    assert found.hrefs["/entity/ruritania-aisi?lang=en"] == "Ruritanian Institute"
    assert found.hrefs[f"{SOURCE}/passage/20-24?lang=en"] == "Section 3.1, page 4"
    assert found.hrefs[f"{SOURCE}/footnote/7?lang=en"] == "Footnote 7"
    assert "https://example.org/money?a=1&b=%7B" in found.hrefs
    assert "earliest" not in found.text


def test_a_claim_names_modality_evidence_review_and_notes(ask: Ask) -> None:
    found = page(ask, CLAIM + "r-risks", "zh")
    for words in (
        "来源将其作为事实。",
        "没有脚注。",
        "2026年11月20日对照原文核对",
        "谨慎阅读。",
        "claim:r-risks",
    ):
        assert words in found.text
    assert "Read with care" not in found.text
    assert "尚未经第二人核对" in page(ask, CLAIM + "r-money", "zh").text


def test_claims_that_say_the_same_lead_to_each_other(ask: Ask) -> None:
    assert f"{CLAIM}r-money?lang=en" in page(ask, CLAIM + "r-risks").hrefs
    assert f"{CLAIM}r-risks?lang=en" in page(ask, CLAIM + "r-money").hrefs


def test_both_sides_of_a_disagreement_stand(ask: Ask) -> None:
    found = page(ask, CLAIM + "r-set-up")
    assert "November or October." in found.text
    assert "conflicting dates" in found.text
    assert found.hrefs[f"{CLAIM}r-set-up-earlier?lang=en"] == "It was set up on 5 October 2023."
    assert "/publication/money-2023?lang=en" in found.hrefs
    assert "disagreement" not in page(ask, CLAIM + "r-access").ids


def test_a_claim_leads_to_those_beside_it_in_the_text(ask: Ask) -> None:
    # By the passages in this section; of two that share one, by name.
    order = ["r-of", "r-money", "r-set-up-earlier", "s-no-money"]
    for place, name in enumerate(order, 1):
        response = ask("GET", f"{CLAIM}{name}?lang=en", BROWSER)
        assert f"{place} of {len(order)} in section 3.1" in response.text
        found = dict(re.findall(r'rel="(prev|next)" href="/claim/concordia-2024/([^?"]+)', response.text))
        assert found.get("prev") == (order[place - 2] if place > 1 else None)
        assert found.get("next") == (order[place] if place < len(order) else None)


def test_a_claim_is_cited_in_four_styles(ask: Ask) -> None:
    response = ask("GET", CLAIM + "r-money?lang=en", BROWSER)
    found = Page(response)
    today = datetime.now(UTC).date().isoformat()
    assert f"[{today}]. {BASE}claim/concordia-2024/r-money." in found.text
    assert "(Version 0.1.0+0123456789ab) [Data set]." in found.text
    assert "@misc{aisi-kg:r-money," in found.text
    assert '"citation-key": "aisi-kg:r-money"' in found.text
    files = [href for href in found.hrefs if href.startswith("/cite?")]
    assert len(files) == 4
    for href in files:
        assert ask("GET", href).status_code == 200


def test_a_claim_is_data_for_search_engines(ask: Ask) -> None:
    data = page(ask, CLAIM + "r-money").data
    assert data["@type"] == "Claim"
    assert data["text"] == "It has at first more than 1.5 billion pounds."
    assert data["appearance"]["name"] == "A Report: in Two Parts"
    assert data["author"][0]["name"] == "Publisher"
    assert data["citation"][0]["@id"] == BASE + "publication/money-2023"


def test_the_sentence_is_shown_where_the_server_has_the_text(ask: Ask, make: Callable[..., Ask]) -> None:
    without = page(ask, CLAIM + "r-risks")
    assert without.marked == ""
    assert "was not given a copy" in without.text
    found = page(make(has_text=True), CLAIM + "r-risks")
    assert found.marked == "(甲所)；"
    assert "2021年7月，甲国宣布设立风浪研究所" in found.text
    assert "was not given a copy" not in found.text
    # A footnote's number leads to it, and the next section is not shown.
    assert f"{SOURCE}/footnote/7?lang=en" in found.hrefs
    assert "据统计" not in found.text


def test_another_text_is_not_shown(
    make: Callable[..., Ask], overview_quads: list[Quad], tmp_path: Path
) -> None:
    path = tmp_path / "other.txt"
    path.write_bytes(REPORT.read_bytes() + b"\n")
    texts = SourceTexts([read_report(path)])
    assert texts
    assert texts.context(read_report(REPORT).sha256, 487, 492) == ()


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("errors@example.org", "mailto:errors@example.org?subject=claim%3Ar-money&body=0.0.0%2Bmini"),
        (
            "https://example.org/new?title={claim}&v={version}",
            "https://example.org/new?title=claim%3Ar-money&v=0.0.0%2Bmini",
        ),
    ],
)
def test_an_error_is_reported_where_the_operator_says(
    make: Callable[..., Ask], to: str, expected: str
) -> None:
    response = make(report_errors_to=to)("GET", CLAIM + "r-money", BROWSER)
    assert expected in Page(response).hrefs


def test_without_an_address_a_claim_says_what_to_quote(ask: Ask) -> None:
    text = page(ask, CLAIM + "r-money").text
    assert "quote this" in text
    assert "claim:r-money\n0.0.0+mini" in text


# --- Entities -----------------------------------------------------------------------------------------------


def test_an_entity_has_its_names_kinds_and_notes(ask: Ask) -> None:
    found = page(ask, "/entity/ruritania-aisi", "zh")
    for words in ("卢里塔尼亚研究所", "Ruritanian Institute", "RAISI", "虚构。"):
        assert words in found.text
    assert found.hrefs["/ontology?lang=zh#SafetyInstitute"] == "安全研究所"
    # What only follows says so and leads to why.
    why = [
        href for href in found.hrefs if href.startswith("/explain?") and "InstituteWithPreDeployment" in href
    ]
    assert why
    assert ask("GET", why[0], BROWSER).status_code == 200


def test_each_value_leads_to_its_claims(ask: Ask) -> None:
    response = ask("GET", "/entity/ruritania-aisi?lang=en", BROWSER)
    found = Page(response)
    assert found.hrefs["/entity/ruritania?lang=en"] == "Ruritania"
    assert f'href="{CLAIM}r-of?lang=en" title="The row is about Ruritania."' in response.text
    # What is said of others and leads here, with sums and dates.
    assert "more than GBP 1.5 billion" in found.text
    assert found.hrefs["/entity/r-acme-work?lang=en"].startswith("Work with Acme")
    for claim in ("r-money", "r-acme", "r-acme-again", "r-set-up"):
        assert f"{CLAIM}{claim}?lang=en" in found.hrefs


def test_a_long_list_is_cut_and_leads_to_all(ask: Ask) -> None:
    short = page(ask, "/entity/ruritania-aisi")
    assert "R1" in short.text
    more = [href for href, text in short.hrefs.items() if text.startswith("All 10")]
    assert len(more) == 1
    shown = {href for href in short.hrefs if re.search(r"#R\d+$", href)}
    assert len(shown) == 8
    whole = Page(ask("GET", more[0], BROWSER))
    assert len({href for href in whole.hrefs if re.search(r"#R\d+$", href)}) == 10
    assert more[0].partition("#")[2] in whole.ids


def test_every_claim_about_it_is_listed(ask: Ask) -> None:
    found = page(ask, "/entity/ruritania-aisi?all=claims")
    about = {
        "r-of",
        "r-money",
        "r-chair-in-2023",
        "r-not-formal",
        "r-set-up",
        "r-s-memorandum",
        "r-access",
        "r-risks",
    }
    assert {f"{CLAIM}{name}?lang=en" for name in about} <= set(found.hrefs)
    assert f"{CLAIM}borduria-member?lang=en" not in found.hrefs


@pytest.mark.parametrize(
    "query", ["all=x", "all=aisi:none", "all=%3Cscript%3E", "all=nothing:at-all", "some=1", "lang=fr"]
)
def test_a_list_that_is_not_there_is_refused(ask: Ask, query: str) -> None:
    response = ask("GET", f"/entity/ruritania-aisi?{query}", BROWSER)
    assert response.status_code == 422
    assert "<script>" not in response.text


def test_the_time_line_is_as_precise_as_the_source(ask: Ask) -> None:
    response = ask("GET", "/entity/ruritania-aisi?lang=en", BROWSER)
    dates = re.findall(
        r'<li data-precision="(\w+)"><span class="when"><time datetime="([^"]+)">([^<]+)', response.text
    )
    assert ("day", "2023-10-05", "5 October 2023") in dates
    assert ("month", "2023-11", "November 2023") in dates
    assert [each[1] for each in dates] == sorted(each[1] for each in dates)


def test_neighbours_are_a_picture_and_the_same_as_a_list(ask: Ask) -> None:
    response = ask("GET", "/entity/ruritania-aisi?lang=en", BROWSER)
    picture = response.text[response.text.index("<svg") : response.text.index("</svg>")]
    listed = response.text[response.text.index("</svg>") :]
    drawn = set(re.findall(r'href="(/entity/[^"]+)"', picture))
    assert {"/entity/acme?lang=en", "/entity/syldavia-aisi?lang=en", "/entity/ruritania?lang=en"} <= drawn
    assert all(f'href="{href}"' in listed for href in drawn)
    # Who judges is none, nor is what no claim names with it.
    assert "/entity/borduria?lang=en" not in drawn


def test_a_mapping_leads_elsewhere_and_says_what_it_rests_on(ask: Ask) -> None:
    found = page(ask, "/entity/ruritania")
    assert found.hrefs["http://www.wikidata.org/entity/Q42"] == "Wikidata: Ruritania"
    assert "It has the item." in found.text
    assert "pkg:pypi/countries@1" in found.text
    assert found.data["sameAs"] == ["http://www.wikidata.org/entity/Q42"]
    assert found.data["@type"] == "Country"
    searched = page(ask, "/entity/syldavia")
    assert "found no item" in searched.text
    assert "sameAs" not in searched.data


def test_what_follows_is_apart_and_leads_to_why(ask: Ask) -> None:
    found = page(ask, "/entity/ruritania-aisi")
    explained = [
        href for href in found.hrefs if href.startswith("/explain?") and "hasModelAccessFrom" in href
    ]
    assert len(explained) == 1
    response = ask("GET", explained[0], BROWSER)
    assert response.status_code == 200
    assert "hasAccess" in response.text


def test_a_hostile_name_is_text(ask: Ask) -> None:
    response = ask("GET", "/entity/hostile?lang=en", BROWSER)
    assert "<script>alert" not in response.text
    found = Page(response)
    assert "<script>alert(1)</script> \"&'" in found.text
    assert found.data["name"] == "<script>alert(1)</script> \"&' </script>"
    assert not any(href.startswith("javascript") for href in found.hrefs)


def test_an_entity_is_opened_in_the_editor_and_cited(ask: Ask) -> None:
    found = page(ask, "/entity/ruritania-aisi")
    opened = [href for href in found.hrefs if href.startswith("/sparql?lang=en#query=")]
    assert len(opened) == 1
    assert "ruritania-aisi" in opened[0]
    assert "Ruritanian Institute[DS/OL]//AISI-KG editors." in found.text


# --- Source, footnotes, publications ------------------------------------------------------------------------


def test_a_source_is_an_outline(ask: Ask) -> None:
    found = page(ask, SOURCE)
    assert found.hrefs[f"{SOURCE}/section/2?lang=en"] == "2 Beginnings"
    assert found.hrefs[f"{SOURCE}/section/3.1?lang=en"] == "3.1 Section 3.1"
    assert "Whose it is." in found.text
    assert "报告：两部分" in found.text
    assert "This server was not given a copy" in found.text
    assert found.data["@type"] == "Report"


def test_a_section_lists_its_claims_in_the_order_of_the_text(ask: Ask) -> None:
    response = ask("GET", SOURCE + "/section/3.1?lang=en", BROWSER)
    listed = response.text[response.text.index("<ol") : response.text.index("</ol>")]
    assert re.findall(r'<a href="/claim/concordia-2024/([^?"]+)\?lang=en">', listed) == [
        "r-of",
        "r-money",
        "r-set-up-earlier",
        "s-no-money",
    ]
    assert f'href="{CLAIM}r-set-up-earlier?lang=en#disagreement"' in listed
    assert f'href="{SOURCE}/footnote/7?lang=en"' in listed
    assert f'rel="prev" href="{SOURCE}/section/2?lang=en"' in response.text


def test_a_footnote_says_what_rests_on_it(ask: Ask) -> None:
    found = page(ask, SOURCE + "/footnote/7")
    assert "/publication/money-2023?lang=en" in found.hrefs
    assert found.hrefs[f"{CLAIM}r-money?lang=en"] == "It has at first more than 1.5 billion pounds."
    assert f"{CLAIM}r-of?lang=en" not in found.hrefs
    remark = page(ask, SOURCE + "/footnote/9")
    assert "a remark; it cites nothing" in remark.text
    assert "No claim rests on it." in remark.text


def test_all_footnotes_are_listed(ask: Ask) -> None:
    found = page(ask, "/footnotes", "zh")
    assert "全部3条脚注" in found.text
    for number in (7, 8, 9):
        assert f"{SOURCE}/footnote/{number}?lang=zh" in found.hrefs


def test_a_publication_says_which_claims_rest_on_it_and_no_others(ask: Ask) -> None:
    found = page(ask, "/publication/money-2023")
    assert f"{SOURCE}/footnote/7?lang=en" in found.hrefs
    assert f"{SOURCE}/footnote/8?lang=en" not in found.hrefs
    assert f"{CLAIM}r-money?lang=en" in found.hrefs
    assert "24 April 2023" in found.text
    assert found.data["url"] == "https://example.org/money?a=1&b=%7B"
    undated = page(ask, "/publication/open-questions", "zh")
    assert "未说明" in undated.text


@pytest.mark.parametrize(("by", "headings"), [("publisher", ["Publisher", "Ruritania"]), ("date", ["2023"])])
def test_publications_are_listed_by_publisher_and_date(ask: Ask, by: str, headings: list[str]) -> None:
    found = page(ask, f"/publications?by={by}")
    assert all(heading in found.text for heading in headings)
    assert {"/publication/money-2023?lang=en", "/publication/open-questions?lang=en"} <= set(found.hrefs)


@pytest.mark.parametrize("path", ["/publications?by=colour", "/publications?x=1", "/footnotes?x=1"])
def test_a_list_takes_no_other_parameters(ask: Ask, path: str) -> None:
    assert ask("GET", path, BROWSER).status_code == 422


# --- Everything else ----------------------------------------------------------------------------------------


def test_a_graph_is_shown_in_pages(ask: Ask) -> None:
    first = page(ask, "/graph/inferred")
    assert "/graph/inferred?page=2&lang=en" in first.hrefs or "Page 1 of" not in first.text
    assert ask("GET", "/graph/entities?page=2", BROWSER).status_code in (200, 422)
    for wrong in ("0", "-1", "x", "9999", "1e3"):
        assert ask("GET", f"/graph/entities?page={wrong}", BROWSER).status_code == 422


def test_all_that_a_graph_holds_is_on_its_pages(ask: Ask) -> None:
    numbers = []
    number = 1
    while True:
        response = ask("GET", f"/source/concordia-2024/passage/90-99?page={number}", BROWSER)
        numbers.append(response.status_code)
        if response.status_code != 200:
            break
        number += 1
    assert numbers == [200, 422]
    found: set[str] = set()
    number = 1
    while (response := ask("GET", f"/graph/entities?page={number}", BROWSER)).status_code == 200:
        found |= {href for href in Page(response).hrefs if href.startswith("/entity/")}
        number += 1
    assert number > 1
    assert {"/entity/acme?lang=en", "/entity/xie?lang=en", "/entity/r-fund?lang=en"} <= found


def test_a_name_that_was_given_up_leads_to_its_successor(ask: Ask) -> None:
    for accept in (BROWSER, "text/turtle", "application/json", "*/*"):
        response = ask("GET", CLAIM + "r-fund?lang=zh", accept)
        assert response.status_code == 301
        assert response.headers["location"] == CLAIM + "r-money?lang=zh"
    assert ask("GET", CLAIM + "r-fund.jsonld").headers["location"] == CLAIM + "r-money.jsonld"


def test_a_name_that_was_given_up_for_nothing_says_why(ask: Ask) -> None:
    response = ask("GET", "/entity/r-signing", "application/json")
    assert response.status_code == 410
    assert response.json()["code"] == "gone"
    assert "Nothing was signed." in response.json()["detail"]
    assert response.json()["near"] == ["/entity/r-s"]
    found = page(ask, "/entity/r-signing", "zh", status=410)
    assert "并未签署。" in found.text
    assert found.hrefs["/entity/r-s?lang=zh"] == "备忘录"


def test_what_is_not_there_is_answered_with_what_is_near(ask: Ask) -> None:
    found = page(ask, "/entity/ruritania-aissi", "zh", status=404)
    assert found.hrefs["/entity/ruritania-aisi?lang=zh"] == "卢里塔尼亚研究所"
    assert not any(href.startswith("/claim") for href in found.hrefs)
    response = ask("GET", CLAIM + "r-mony", "text/turtle")
    assert response.status_code == 404
    assert response.json()["near"][0] == CLAIM + "r-money"


@pytest.mark.parametrize(
    "path",
    [
        "/entity/%3Cscript%3Ealert(1)%3C/script%3E",
        "/entity/%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
        "/claim/concordia-2024/%7D%20%7B%20?all=1",
        "/source/concordia-2024/section/%27%20OR%201=1",
        "/source/concordia-2024/footnote/999",
        "/source/concordia-2024/footnote/x%20y",
        "/publication/%00",
        "/entity/" + "a" * 3000,
        "/entity/%F0%9F%92%A9",
    ],
)
def test_a_hostile_address_is_answered_plainly(ask: Ask, path: str) -> None:
    for accept in (BROWSER, "text/turtle"):
        response = ask("GET", path, accept)
        assert response.status_code in (404, 422)
        assert "Traceback" not in response.text
        assert not re.search(r"<script>alert|<img|onerror=alert", response.text.replace("&lt;", ""))
