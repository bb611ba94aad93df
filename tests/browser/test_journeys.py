"""What people come for, from the first page to what they take away."""

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

import httpx
import pytest
from playwright.sync_api import expect
from pyoxigraph import RdfFormat, parse

if TYPE_CHECKING:
    from tests.browser.conftest import Open

UK = {"en": "UK AI Safety Institute", "zh": "英国人工智能安全研究所"}
SUM = {"en": "GBP 100 million", "zh": "1亿英镑"}
NOT_STATED = {"en": "not stated", "zh": "未说明"}
RISK = {"en": "risk", "zh": "风险"}


@pytest.mark.parametrize("width", ["wide", "narrow"])
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("has_script", [True, False])
def test_an_analyst_finds_compares_and_cites(
    visit: "Open", language: str, width: str, has_script: bool, tmp_path: Path
) -> None:
    window = visit(language, width, java_script_enabled=has_script)
    page = window.page
    window.open("/")
    assert page.locator("html").get_attribute("lang") == language
    # Search, from any page.
    box = page.locator("#site-search")
    box.fill(RISK[language])
    box.press("Enter")
    page.wait_for_url("**/search?**")
    institute = page.locator("main").get_by_role("link", name=UK[language], exact=True).first
    institute.click()
    page.wait_for_url("**/entity/uk-aisi?**")
    assert page.locator("h1").inner_text() == UK[language]
    window.picture(f"journey-institute-{language}-{width}")
    # Compare.
    page.goto(f"{window.site}/search?q={RISK[language]}&lang={language}")
    page.locator("aside a[href*='/compare?institute=uk-aisi']").click()
    page.wait_for_url("**/compare?**")
    page.locator("nav.site a[href^='/compare']").click()
    page.wait_for_load_state("networkidle")
    table = page.locator("table.grid")
    assert table.locator("thead th").count() == 9
    assert NOT_STATED[language] in table.locator(".not-stated").first.inner_text()
    assert table.locator("td .not-stated + a.claim").count() > 0
    # From the sum to the claim, to the sentence and the footnote.
    cell = table.locator("li, td").filter(has_text=SUM[language]).last
    claim = cell.locator("a.claim").first
    claim.click()
    page.wait_for_url("**/claim/concordia-2024/**")
    claim_url = page.url
    assert page.locator("#where").is_visible()
    assert "GB/T 7714" in page.locator("main").inner_text()
    window.picture(f"journey-claim-{language}-{width}")
    footnote = page.locator("section[aria-labelledby=footnotes] a[href*='/footnote/']").first
    if footnote.count():
        footnote.click()
        page.wait_for_url("**/footnote/**")
        page.locator("main a[href*='/claim/']").first.click()
        page.wait_for_url("**/claim/**")
    page.goto(claim_url)
    # Every step kept the language.
    assert f"lang={language}" in page.url
    assert page.locator("html").get_attribute("lang") == language


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_comparison_is_taken_away_as_a_table(visit: "Open", language: str, tmp_path: Path) -> None:
    window = visit(language)
    page = window.page
    window.open("/compare?institute=uk-aisi&institute=aisi-japan")
    with page.expect_download() as waiting:
        page.locator(".downloads a[href*='.csv']").click()
    file = tmp_path / "comparison.csv"
    waiting.value.save_as(file)
    data = file.read_bytes()
    # Excel takes it for UTF-8 by its mark.
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert UK[language] in rows[0]
    assert any(SUM[language] in cell for row in rows for cell in row)
    with page.expect_download() as waiting:
        page.locator("button[data-picture]").click()
    picture = tmp_path / "comparison.png"
    waiting.value.save_as(picture)
    assert picture.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("has_script", [True, False])
def test_a_sceptic_finds_both_sides_of_a_contradiction(
    visit: "Open", language: str, has_script: bool
) -> None:
    window = visit(language, java_script_enabled=has_script)
    page = window.page
    window.open("/")
    page.locator("nav.site a[href^='/contradictions']").click()
    page.wait_for_url("**/contradictions?**")
    office = {"en": "European AI Office", "zh": "欧洲人工智能办公室"}[language]
    article = page.locator("article.disagreement").filter(has_text=office)
    article = article.filter(has_text={"en": "2024", "zh": "2024年"}[language]).first
    sides = article.locator("li.side")
    assert sides.count() == 2
    window.picture(f"journey-contradictions-{language}")
    claims = [sides.nth(n).locator("a.claim").first.get_attribute("href") for n in range(2)]
    passages = [sides.nth(n).locator(".places a").first.get_attribute("href") for n in range(2)]
    assert len({*claims, *passages}) == 4
    for claim in claims:
        page.goto(window.site + str(claim))
        assert page.locator("a[href='#disagreement']").is_visible()
        assert page.locator("#where").is_visible()
    for passage in passages:
        response = page.goto(window.site + str(passage))
        assert response is not None
        assert response.status == 200


def test_an_engineer_takes_turtle_of_an_entity(site: str) -> None:
    with httpx.Client(base_url=site, follow_redirects=True) as client:
        by_type = client.get("/entity/uk-aisi", headers={"accept": "text/turtle"})
        by_suffix = client.get("/entity/uk-aisi.ttl")
    assert by_type.headers["content-type"] == "text/turtle; charset=utf-8"
    assert by_type.content == by_suffix.content
    subjects = {str(quad.subject) for quad in parse(by_type.content, RdfFormat.TURTLE)}
    assert "<https://w3id.org/aisi-kg/entity/uk-aisi>" in subjects


@pytest.mark.parametrize("language", ["zh", "en"])
def test_suggestions_lead_to_what_is_typed(visit: "Open", language: str) -> None:
    window = visit(language)
    page = window.page
    window.open("/")
    box = page.locator("#site-search")
    box.press_sequentially("CAISI")
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    assert window.violations() == []
    box.press("ArrowDown")
    box.press("Enter")
    page.wait_for_load_state("networkidle")
    assert "/entity/" in page.url or "/search" in page.url
    assert "CAISI" in unquote(page.url) or page.locator("h1").count() == 1


@pytest.mark.parametrize(
    ("path", "status", "leads_to"),
    [
        ("/entity/uk-aissi", 404, "/entity/uk-aisi"),
        ("/entity/%3Cscript%3Ealert(1)%3C%2Fscript%3E", 404, "/"),
        ("/queries/funding-by-institut", 404, "/queries/funding-by-institute"),
        ("/compare?institute=nobody", 422, "/"),
        ("/timeline?since=yesterday", 422, "/"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_not_there_leads_on(
    visit: "Open", language: str, path: str, status: int, leads_to: str
) -> None:
    window = visit(language, "narrow")
    window.expects_errors = True
    assert window.open(path).status == status
    assert window.page.locator("html").get_attribute("lang") == language
    assert window.page.locator(f"a[href^='{leads_to}']").count() > 0
    assert window.violations() == []
