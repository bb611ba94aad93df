"""Every kind of page, in both languages, wide and narrow: whole, and within the rules of WCAG 2.2 AA."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.browser.conftest import Open

#: A page of each kind, and a name for its picture.
PAGES = {
    "home": "/",
    "search": "/search?q=风险",
    "table-3-1": "/tables/3.1",
    "table-3-2": "/tables/3.2",
    "compare": "/compare",
    "timeline": "/timeline",
    "network": "/network",
    "contradictions": "/contradictions",
    "challenges": "/challenges",
    "queries": "/queries",
    "query": "/queries/funding-by-institute?institute=entity:uk-aisi",
    "explain": "/explain?subject=entity:uk-aisi&predicate=a&object=aisi:InstituteWithPreDeploymentAccess",
    "explain-form": "/explain",
    "cite": "/cite?claim=claim:2.1-caisi-funding",
    "sparql": "/sparql",
    "ontology": "/ontology",
    "entity": "/entity/uk-aisi",
    "person": "/entity/jade-leung",
    "claim": "/claim/concordia-2024/2.1-caisi-funding",
    "source": "/source/concordia-2024",
    "section": "/source/concordia-2024/section/2.2",
    "footnote": "/source/concordia-2024/footnote/29",
    "footnotes": "/footnotes",
    "publication": "/publication/uk-government-2024-uk-us-partnership-on-science-of-ai-safety",
    "publications": "/publications",
    "passage": "/source/concordia-2024/passage/6515-6534",
    "dataset": "/.well-known/void",
    "graph": "/graph/wikidata",
    "about": "/about",
    "changes": "/changes",
    "api": "/api",
}
#: The most that a page may weigh as it is sent, at its first load; the editor may weigh more.
MOST_BYTES = 300_000
HEAVY = {"sparql", "api"}


@pytest.mark.parametrize(("language", "width", "other"), [("en", "wide", "narrow"), ("zh", "narrow", "wide")])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_and_within_the_rules(
    visit: "Open", name: str, language: str, width: str, other: str
) -> None:
    window = visit(language, width)
    sizes: list[int] = []
    window.page.on("requestfinished", lambda r: sizes.append(r.sizes()["responseBodySize"]))
    assert window.open(PAGES[name], until="load").status == 200
    window.picture(f"{name}-{language}-{width}")
    page = window.page
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1").count() == 1
    assert page.locator("h1").inner_text().strip()
    assert not scrolls_sideways(page)
    if name not in HEAVY:
        assert sum(sizes) < MOST_BYTES
    # The rules look at each language and each width, and take longer than all else together.
    assert window.violations() == []
    if width == "wide":
        page.emulate_media(color_scheme="dark")
        window.picture(f"{name}-{language}-dark")
        assert window.violations(["color-contrast"]) == []
    window.resize(other)
    window.picture(f"{name}-{language}-{other}")
    assert not scrolls_sideways(page)


def scrolls_sideways(page: "Page") -> bool:
    """Tell whether the page itself does; parts of it may."""
    wider = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    return bool(page.evaluate(wider))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_language_is_switched_by_a_link_and_kept(visit: "Open", language: str) -> None:
    other = {"en": "zh", "zh": "en"}[language]
    window = visit(language)
    window.open("/queries")
    page = window.page
    page.locator("a.language").click()
    page.wait_for_url(f"**lang={other}")
    assert page.locator("html").get_attribute("lang") == other
    page.locator("main ul a").first.click()
    page.wait_for_load_state()
    assert f"lang={other}" in page.url
    assert page.locator("html").get_attribute("lang") == other
