"""The page that queries are written on: the engineer's journey, and what has to work by keyboard."""

import struct
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Open

EDITOR = "document.querySelector('.CodeMirror').CodeMirror"
SVG = "{http://www.w3.org/2000/svg}"
PREFIX = "PREFIX aisi: <https://w3id.org/aisi-kg/ontology#>"


def write(page: Page, text: str) -> None:
    page.evaluate(f"text => {EDITOR}.setValue(text)", text)


def written(page: Page) -> str:
    return str(page.evaluate(f"{EDITOR}.getValue()"))


@pytest.mark.parametrize("width", ["wide", "narrow"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_engineer_asks(visit: "Open", language: str, width: str) -> None:
    window = visit(language, width)
    window.open("/sparql")
    page = window.page
    # An example, found by a word of the other language.
    page.locator("#search-examples").fill({"en": "成立", "zh": "established"}[language])
    page.locator(".library a:visible").first.click()
    expect(page.locator("#state")).not_to_be_empty()
    page.locator("#run").click()
    expect(page.locator("#answer tbody tr").first).to_be_visible()
    window.picture(f"sparql-table-{language}-{width}")
    assert window.violations() == []
    # A change that is wrong, told at its line.
    window.expects_errors = True
    write(page, f"{PREFIX}\nSELECT * {{\n  ?s a none:Thing\n}}")
    page.locator("#run").click()
    expect(page.locator("#problem")).to_be_visible()
    expect(page.locator("#problem button")).to_contain_text("3")
    expect(page.locator(".wrong-place")).to_have_text("none:Thing")
    window.picture(f"sparql-problem-{language}-{width}")
    assert window.violations() == []
    # Put right.
    counted = "SELECT ?kind (COUNT(*) AS ?n) { ?s aisi:cooperationKind ?kind } GROUP BY ?kind"
    write(page, f"{PREFIX}\n{counted}")
    page.locator("#run").click()
    expect(page.locator("#problem")).to_be_hidden()
    page.locator("[data-view=chart]").click()
    expect(page.locator("svg .bar").first).to_be_visible()
    assert window.violations() == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_graph_is_drawn_and_a_link_keeps_the_query(visit: "Open", language: str) -> None:
    window = visit(language)
    window.open("/sparql")
    page = window.page
    page.locator("a[data-text*=CONSTRUCT]").click()
    page.locator("#run").click()
    expect(page.locator(".graph canvas").first).to_be_visible()
    assert page.locator(".graph").get_attribute("aria-label")
    window.picture(f"sparql-graph-{language}")
    assert window.violations() == []
    query, link = written(page), page.locator("#link").input_value()
    other = visit(language)
    other.page.goto(link, wait_until="networkidle")
    assert written(other.page) == query
    # What a link says is not run before somebody wants it.
    expect(other.page.locator("#answer")).to_be_hidden()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_graph_is_taken_away_by_keyboard(visit: "Open", language: str, tmp_path: Path) -> None:
    window = visit(language)
    window.open("/sparql")
    page = window.page
    # Two things that several relations join, one that relates to itself, and a label that has to be broken.
    triples = (
        "aisi:a aisi:hasParty aisi:b ; aisi:concerns aisi:b , aisi:a . entity:us-aisi aisi:concerns aisi:b"
    )
    prefixes = f"{PREFIX} PREFIX entity: <https://w3id.org/aisi-kg/entity/>"
    query = f"{prefixes} CONSTRUCT {{ {triples} }} WHERE {{ FILTER(1 < 2) }}"
    write(page, query)
    page.locator("#run").click()
    expect(page.locator(".graph canvas").first).to_be_visible()
    fit = page.get_by_role("button", name={"en": "All of it", "zh": "全部显示"}[language])
    files = {}
    fit.focus()
    for extension in ("svg", "png"):
        page.keyboard.press("Tab")
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        assert download.value.suggested_filename == f"aisi-kg-graph.{extension}"
        files[extension] = tmp_path / f"graph.{extension}"
        download.value.save_as(files[extension])
    picture = ET.parse(files["svg"]).getroot()
    assert picture.findtext(f"{SVG}desc") == query
    said = {"en": "Graph of 3 things and 4 relations", "zh": "图：3 个事物，4 条关系"}[language]
    assert picture.findtext(f"{SVG}title") == said
    assert len(list(picture.iter(f"{SVG}circle"))) == 3
    lines = [path.get("d", "") for path in picture.iter(f"{SVG}path") if path.get("marker-end")]
    assert len(lines) == 4
    assert sum("Q" in line for line in lines) == 3
    texts = [text.text for text in picture.iter(f"{SVG}text")]
    name = {"en": "U.S. Artificial Intelligence Safety Institute", "zh": "美国人工智能安全研究所"}[language]
    assert name not in texts
    assert name.replace(" ", "") in "".join(text or "" for text in texts).replace(" ", "")
    assert f"{window.site}/sparql" in texts
    assert any("CC BY 4.0" in (text or "") for text in texts)
    data = files["png"].read_bytes()
    assert data.startswith(b"\x89PNG")
    assert struct.unpack(">II", data[16:24]) == (
        2 * int(picture.get("width", "")),
        2 * int(picture.get("height", "")),
    )
    assert window.violations() == []


def test_dates_are_drawn_as_long_as_they_are(visit: "Open") -> None:
    window = visit()
    window.open("/sparql")
    page = window.page
    page.locator("#run").click()
    page.locator("[data-view=timeline]").click()
    bars = page.locator("svg.drawn .bar")
    expect(bars.first).to_be_visible()
    widths = bars.evaluate_all("bars => bars.map((bar) => bar.getBoundingClientRect().width)")
    # The first two are a year, those that follow a month.
    assert widths[0] > 5 * widths[2] > 0
    window.picture("sparql-timeline")


def test_nobody_is_caught_in_the_editor(visit: "Open") -> None:
    window = visit()
    window.open("/sparql")
    page = window.page
    page.locator(".CodeMirror textarea").focus()
    before = written(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "run"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.id") == "close-tab"
    assert written(page) == before


def test_a_term_is_completed_by_its_label_and_its_prefix_declared(visit: "Open") -> None:
    window = visit()
    window.open("/sparql")
    page = window.page
    write(page, "")
    page.locator(".CodeMirror textarea").focus()
    page.keyboard.insert_text("SELECT * { ?s a 人工智能安全研究所")
    page.keyboard.press("Control+Space")
    expect(page.locator(".CodeMirror-hint").first).to_contain_text("aisi:SafetyInstitute")
    assert window.violations() == []
    page.keyboard.press("Enter")
    page.keyboard.insert_text(" }")
    assert written(page) == f"{PREFIX}\nSELECT * {{ ?s a aisi:SafetyInstitute }}"
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer tbody tr")).to_have_count(8)


def test_queries_are_kept_in_tabs(visit: "Open") -> None:
    window = visit()
    window.open("/sparql")
    page = window.page
    page.locator("#new-tab").click()
    write(page, "ASK {}")
    page.locator("#rename-tab").click()
    page.locator("#tab-name").fill("Mine")
    page.keyboard.press("Enter")
    page.reload(wait_until="networkidle")
    expect(page.locator("[role=tab][aria-selected=true]")).to_have_text("Mine")
    assert written(page) == "ASK {}"
    page.locator("[role=tab][aria-selected=true]").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[role=tab]").first).to_be_focused()
    assert written(page) != "ASK {}"
    page.locator("#close-tab").click()
    expect(page.locator("[role=tab]")).to_have_count(1)


def test_a_query_is_stopped_here_and_at_the_server(visit: "Open") -> None:
    window = visit()
    window.open("/sparql")
    page = window.page
    write(page, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    page.locator("#run").click()
    page.locator("#stop").click()
    expect(page.locator("#stop")).to_be_hidden()

    def busy() -> int:
        return int(page.request.get(window.site + "/healthz").json()["workers_busy"])

    for _ in range(100):
        if not busy():
            break
        page.wait_for_timeout(100)
    assert busy() == 0


def test_without_script_the_form_asks(visit: "Open") -> None:
    window = visit("zh", java_script_enabled=False)
    window.open("/sparql")
    page = window.page
    expect(page.locator("#query")).to_be_visible()
    page.locator("#query").fill("ASK {}")
    page.locator("#format").select_option("json")
    page.locator("#run").click()
    page.wait_for_url("**query=ASK**")
    assert '"boolean":true' in page.content().replace(" ", "")


def test_a_term_is_led_to_and_found(visit: "Open") -> None:
    window = visit("zh", "narrow")
    window.open("/ontology#ABTesting")
    page = window.page
    expect(page.locator("#ABTesting")).to_be_in_viewport()
    page.locator("#filter").fill("memorandum")
    expect(page.locator("#Memorandum")).to_be_visible()
    expect(page.locator("#SafetyInstitute")).to_be_hidden()
    assert window.violations() == []


def test_an_operation_is_tried(visit: "Open") -> None:
    window = visit()
    window.open("/api")
    page = window.page
    page.locator("[data-try='/queries/funding-by-institute']").click()
    page.locator(".swagger-ui .execute").click()
    expect(page.locator(".swagger-ui .live-responses-table td.response-col_status").nth(1)).to_contain_text(
        "200"
    )
    window.picture("api-tried")
    assert window.violations() == []
