"""The time line and the network in Chromium: in place, without script, by keyboard, taken away, framed."""

import struct
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect

if TYPE_CHECKING:
    from tests.browser.conftest import Open

EVENTS = ".picture a.event"
TIES = ".picture a.tie"


def settled(page: Page) -> None:
    """Wait until a choice was answered."""
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-view]")).not_to_have_attribute("aria-busy", "true")


@pytest.mark.parametrize(("language", "access"), [("en", "model access"), ("zh", "模型访问权限")])
def test_the_time_line_is_chosen_from_in_place(visit: "Open", language: str, access: str) -> None:
    window = visit(language)
    page = window.page
    window.open("/timeline")
    everything = page.locator(EVENTS).count()
    page.evaluate("window.stays = true")
    choice = page.locator("select[name=about]")
    choice.focus()
    choice.select_option(label=access)
    page.wait_for_url("**about=aisi%3AModelAccess*")
    settled(page)
    assert page.locator(EVENTS).count() == 2 < everything
    assert page.locator("tr[data-row]").count() == 2
    # The page is still the same one, and the focus where it was.
    assert page.evaluate("window.stays") is True
    assert page.evaluate("document.activeElement.name") == "about"
    window.picture(f"timeline-access-{language}")
    # The link keeps the view, in the other language too.
    page.locator("a.language").click()
    page.wait_for_load_state("networkidle")
    assert page.locator(EVENTS).count() == 2
    page.go_back()
    page.wait_for_load_state("networkidle")
    page.go_back()
    settled(page)
    expect(page.locator(EVENTS)).to_have_count(everything)


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_a_mark_shows_its_claims_by_keyboard(visit: "Open", width: str) -> None:
    window = visit("en", width)
    page = window.page
    window.open("/timeline?kind=aisi:Summit")
    mark = page.locator(EVENTS).first
    mark.focus()
    page.keyboard.press("Enter")
    card = page.locator("[data-card]")
    expect(card).to_be_visible()
    expect(card.get_by_role("heading")).to_be_focused()
    assert card.locator("a.claim").count() == 2
    assert card.locator("li").first.inner_text().strip("§ ")
    assert window.violations() == []
    window.picture(f"timeline-card-{width}")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(mark).to_be_focused()
    page.keyboard.press("Enter")
    card.locator("a.claim").first.click()
    page.wait_for_url("**/claim/concordia-2024/*")


def test_a_picture_is_enlarged_and_moved_by_keyboard(visit: "Open") -> None:
    window = visit("en", "narrow")
    page = window.page
    window.open("/network")
    canvas = page.locator("[data-canvas]")
    canvas.focus()
    width = canvas.evaluate("e => e.scrollWidth")
    page.keyboard.press("+")
    assert canvas.evaluate("e => e.scrollWidth") > width
    page.keyboard.press("0")
    assert canvas.evaluate("e => e.scrollWidth") == width
    canvas.evaluate("e => e.scrollTo(0, 0)")
    page.keyboard.press("ArrowRight")
    # Its scroll position is no attribute that could be waited for, and the policy forbids the usual way.
    for _ in range(100):
        if canvas.evaluate("e => e.scrollLeft") > 0:
            break
        page.wait_for_timeout(50)
    assert canvas.evaluate("e => e.scrollLeft") > 0
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_a_picture_is_moved_by_mouse_and_a_movement_is_no_click(visit: "Open") -> None:
    window = visit("en")
    page = window.page
    window.open("/network")
    for _ in range(4):
        page.get_by_role("button", name="Enlarge").click()
    canvas = page.locator("[data-canvas]")
    canvas.scroll_into_view_if_needed()
    canvas.evaluate("e => e.scrollTo(200, 100)")
    box = canvas.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 80, y - 40, steps=4)
    page.mouse.up()
    assert canvas.evaluate("e => [e.scrollLeft, e.scrollTop]") == [280, 140]
    assert page.url.endswith("/network")
    expect(page.locator("[data-card]")).to_be_hidden()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_who_is_picked_stays_picked_in_the_link(visit: "Open", language: str) -> None:
    window = visit(language)
    page = window.page
    window.open("/network")
    everybody = page.locator(TIES).count()
    page.locator('.picture a.party[href*="entity%3Auk-aisi"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**node=entity%3Auk-aisi*")
    settled(page)
    assert page.locator(TIES).count() == everybody
    near = page.locator(".picture a.tie.near")
    assert near.count() == page.locator("tr[data-row]").count() < everybody
    assert window.violations() == []
    window.picture(f"network-picked-{language}")
    near.first.focus()
    page.keyboard.press("Enter")
    assert page.locator("[data-card] a.claim").count() > 0
    other = visit(language)
    other.open(page.url.removeprefix(other.site))
    assert other.page.locator(".picture a.party.picked").count() == 1


def test_the_graph_and_the_matrix_hold_the_same(visit: "Open") -> None:
    window = visit("en")
    page = window.page
    window.open("/network?strength=3")
    claims = {a.get_attribute("href") for a in page.locator("tr[data-row] a.claim").all()}
    page.get_by_role("link", name="Matrix").click()
    page.wait_for_url("**view=matrix*")
    settled(page)
    assert {a.get_attribute("href") for a in page.locator("table.matrix a.claim").all()} == claims
    assert "strength=3" in page.url
    assert window.violations() == []


@pytest.mark.parametrize("path", ["/timeline", "/network"])
def test_a_view_is_whole_without_script(visit: "Open", path: str) -> None:
    window = visit("zh", java_script_enabled=False)
    page = window.page
    window.open(path)
    before = page.locator("tr[data-row]").count()
    page.locator("select[name=kind]").select_option(index=1)
    page.locator("[data-filters] button").click()
    page.wait_for_url("**kind=*")
    after = page.locator("tr[data-row]").count()
    assert 0 < after < before
    mark = page.locator(f"{EVENTS}, {TIES}").first
    target = mark.get_attribute("href")
    mark.dispatch_event("click")
    page.wait_for_url(f"**{target}")
    assert page.locator("tr:target a.claim").count() > 0
    # What needs a script is not offered.
    assert (
        page.locator("button[data-png]:visible, button[data-copy]:visible, [data-zoom]:visible").count() == 0
    )


@pytest.mark.parametrize("path", ["/timeline", "/network?matrix=access"])
def test_a_picture_is_taken_away(visit: "Open", path: str, tmp_path: Path) -> None:
    window = visit("zh")
    page = window.page
    window.open(path)
    with page.expect_download() as png:
        page.locator("[data-png]").click()
    name = f"aisi-kg-{path[1:].partition('?')[0]}"
    assert png.value.suggested_filename == f"{name}.png"
    png.value.save_as(tmp_path / "picture.png")
    data = (tmp_path / "picture.png").read_bytes()
    assert data.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", data[16:24])
    assert width == 2 * (1160 + 48)
    assert height > 200
    with page.expect_download() as svg:
        page.locator("a[download$='.svg']").click()
    assert svg.value.suggested_filename == f"{name}.svg"
    svg.value.save_as(tmp_path / "picture.svg")
    text = (tmp_path / "picture.svg").read_text("utf-8")
    assert "CC BY 4.0" in text
    assert window.site + path.partition("?")[0] in text


def test_the_link_is_copied(visit: "Open") -> None:
    window = visit("en", permissions=["clipboard-read", "clipboard-write"])
    page = window.page
    window.open("/timeline?since=2024")
    page.get_by_role("button", name="Copy the link to this view").click()
    expect(page.locator(".tools [data-said]")).to_have_text("Copied.")
    assert page.evaluate("navigator.clipboard.readText()") == f"{window.site}/timeline?since=2024&lang=en"


@pytest.fixture
def foreign_site(site: str) -> Iterator[str]:
    """Serve a page of another site that frames a view, and a page that is none."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(
                f'<iframe name="view" src="{site}/embed/timeline?lang=en&kind=aisi:Summit"></iframe>'
                f'<iframe name="page" src="{site}/timeline"></iframe>'.encode()
            )

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_view_is_framed_elsewhere_and_its_links_open_whole_pages(
    browser: Browser, foreign_site: str
) -> None:
    context = browser.new_context(viewport={"width": 1000, "height": 700})
    page = context.new_page()
    page.goto(foreign_site, wait_until="networkidle")
    view, refused = page.frame("view"), page.frame("page")
    assert view is not None
    assert refused is not None
    assert view.locator(EVENTS).count() == 2
    assert view.locator("nav, form").count() == 0
    assert refused.url.startswith("chrome-error:")
    with context.expect_page() as opened:
        view.locator(EVENTS).first.click()
    opened.value.wait_for_load_state()
    assert "/timeline?kind=aisi%3ASummit&lang=en#" in opened.value.url
    with context.expect_page() as opened:
        view.locator("footer a").first.click()
    assert "/timeline?kind=aisi%3ASummit&lang=en" in opened.value.url
    context.close()


def test_a_view_is_printed_without_its_tools(visit: "Open") -> None:
    window = visit("en")
    window.open("/timeline")
    page = window.page
    page.emulate_media(media="print")
    assert page.locator(".picture").is_visible()
    assert page.locator("tr[data-row]").first.is_visible()
    for part in (".filters", ".tools", "header.site", "details.embed"):
        assert page.locator(part).is_hidden()
