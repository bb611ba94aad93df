"""From the first page to a claim: search, suggestions, comparisons, pictures of tables, contradictions."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from tests.browser.conftest import Open

CLAIM = re.compile(r".*/claim/concordia-2024/([^?]+).*")
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.mark.parametrize("width", ["wide", "narrow"])
@pytest.mark.parametrize("script", [True, False])
def test_an_analyst_goes_from_a_search_to_a_claim(visit: "Open", width: str, script: bool) -> None:
    window = visit("zh", width, java_script_enabled=script)
    window.open("/")
    page = window.page
    page.fill("#home-search", "风险")
    page.press("#home-search", "Enter")
    page.wait_for_url("**/search?**")
    expect(page.locator("mark").first).to_have_text("风险")
    institutes = page.locator("aside li", has_text="英国人工智能安全研究所")
    institutes.get_by_role("link", name="比较").click()
    page.wait_for_url("**/compare?institute=uk-aisi&lang=zh")
    # One more institute beside it.
    page.locator("details.choice > summary").click()
    page.get_by_label("加拿大人工智能安全研究所").check()
    page.get_by_label("日本人工智能安全研究所").check()
    page.get_by_role("button", name="比较").click()
    page.wait_for_url("**/compare?institute=entity%3Auk-aisi&**")
    window.picture(f"comparison-chosen-{width}-{script}")
    row = page.locator("table.grid tbody tr").filter(has=page.get_by_role("rowheader", name="资金规模"))
    cells = row.locator("td")
    expect(cells).to_have_count(3)
    expect(cells.nth(1).locator(".not-stated")).to_have_text("未说明")
    cells.nth(2).locator("a.claim").first.click()
    page.wait_for_url(CLAIM)
    match = CLAIM.fullmatch(page.url)
    assert match is not None
    assert match[1] == "3.1-caisi-funding"


@pytest.mark.parametrize("field", ["#site-search", "#home-search"])
def test_suggestions_are_reached_with_the_keyboard(visit: "Open", field: str) -> None:
    window = visit("en", "narrow")
    window.open("/")
    page = window.page
    search = page.locator(field)
    search.focus()
    page.keyboard.type("openai")
    options = page.locator(f"{field}-list [role=option]")
    expect(options.first).to_be_visible()
    expect(search).to_have_attribute("aria-expanded", "true")
    assert window.violations() == []
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert search.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(search).to_have_value("openai")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "/entity/openai?lang=en" in page.url


@pytest.mark.parametrize("path", ["/tables/3.1", "/tables/3.2", "/compare?institute=uk-aisi"])
def test_a_table_is_taken_away_as_a_picture(visit: "Open", path: str, tmp_path: Path) -> None:
    window = visit("zh")
    window.open(path)
    with window.page.expect_download() as download:
        window.page.get_by_role("button", name="PNG").click()
    file = tmp_path / "table.png"
    download.value.save_as(file)
    content = file.read_bytes()
    assert content.startswith(PNG)
    width, height = (int.from_bytes(content[place : place + 4], "big") for place in (16, 20))
    assert min(width, height) > 300
    assert download.value.suggested_filename.endswith(".png")
    expect(window.page.locator("[data-picture-status]")).to_be_empty()


def test_a_sceptic_finds_both_dates_and_both_passages(visit: "Open") -> None:
    window = visit("en")
    window.open("/contradictions")
    page = window.page
    page.get_by_role("navigation", name="Kind of disagreement").get_by_role(
        "link", name="conflicting dates"
    ).click()
    page.wait_for_url("**kind=aisi%3AConflictingDates**")
    article = page.locator("article").filter(has_text="Date of establishment of the European AI Office")
    sides = [article.locator("li.side").filter(has_text=date) for date in ("February 2024", "May 2024")]
    claims = []
    for side in sides:
        claims.append(side.first.locator("a.claim").first.get_attribute("href"))
        passage = side.first.locator(".places a").first.get_attribute("href")
        assert passage is not None
        assert window.open(passage).status == 200
        window.open("/contradictions?kind=aisi:ConflictingDates&lang=en")
    assert len(set(claims)) == 2
