"""The time line and the network as pages and pictures, and views in frames."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import httpx
import pytest

from aisi_kg.web.app import create_app
from aisi_kg.web.site import Site

Ask = Callable[..., httpx.Response]

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def get(overview_ask: Ask) -> Callable[..., httpx.Response]:
    def get(path: str, accept: str = "text/html", **options: Any) -> httpx.Response:
        return overview_ask("GET", path, accept, **options)

    return get


def rows(page: str) -> list[str]:
    """List the rows of a page's table by their anchors."""
    return re.findall(r'<tr id="([^"]+)" data-row>', page)


def marks(page: str) -> list[str]:
    """List where the marks of a page's picture lead."""
    return re.findall(r'<a href="#([^"]+)" class="(?:event|tie)[^"]*"', page)


# The time line.


def test_a_mark_leads_to_its_row_and_the_row_to_its_claims(get: Ask) -> None:
    page = get("/timeline").text
    assert rows(page) == ["r-set-up-2023-10-05", "r-set-up-2023-11", "summit-2025"]
    assert sorted(marks(page)) == sorted(rows(page))
    assert page.count('class="event planned"') == 2  # the summit, and the legend
    row = page.partition('<tr id="r-set-up-2023-11"')[2].partition("</tr>")[0]
    assert row.count('class="claim"') == 2
    assert 'title="It was set up in November 2023."' in row
    assert "November 2023" in row


@pytest.mark.parametrize(
    ("suffix", "shown"),
    [
        ("since=2023-11", ["r-set-up-2023-11", "summit-2025"]),
        ("until=2023", ["r-set-up-2023-10-05", "r-set-up-2023-11"]),
        ("until=2023-10-05", ["r-set-up-2023-10-05"]),
        ("institute=entity:ruritania-aisi&since=2023-11-01", ["r-set-up-2023-11"]),
        ("institute=ruritania-aisi&until=2023-10", ["r-set-up-2023-10-05"]),
        ("about=aisi:SafetyInstitute", ["r-set-up-2023-10-05", "r-set-up-2023-11"]),
        ("kind=" + quote("https://w3id.org/aisi-kg/ontology#Establishment"), None),
        ("kind=&institute=&since=", None),
        ("lanes=kind", None),
    ],
)
def test_the_time_line_is_chosen_from(get: Ask, suffix: str, shown: list[str] | None) -> None:
    everything = rows(get("/timeline").text)
    page = get(f"/timeline?{suffix}&lang=en")
    assert page.status_code == 200
    assert rows(page.text) == (everything if shown is None else shown)
    number = len(everything if shown is None else shown)
    assert f"{number} of {len(everything)} dates" in page.text
    # Other formats hold the same.
    events = get(f"/timeline.json?{suffix}").json()["events"]
    assert len(events) == number


def test_where_nothing_is_left_it_is_said(get: Ask) -> None:
    page = get("/timeline?since=2024&until=2024-06&lang=en")
    assert page.status_code == 200
    assert "Nothing meets all of this." in page.text
    assert "<svg" not in page.text
    picture = get("/timeline.svg?since=2024&until=2024-06")
    assert picture.status_code == 200
    assert ET.fromstring(picture.content).tag == SVG + "svg"
    assert "<svg" not in get("/network?strength=0").text
    assert get("/network.svg?strength=0").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/timeline?kind=aisi:Nothing",
        "/timeline?institute=entity:acme",
        "/timeline?institute=" + quote("<script>"),
        "/timeline?since=yesterday",
        "/timeline?until=2023-02-30",
        "/timeline?lanes=colour",
        "/timeline?colour=red",
        "/timeline?kind=a&kind=b",
        "/network?kind=aisi:Establishment",
        "/network?strength=4",
        "/network?status=perhaps",
        "/network?view=pie",
        "/network?node=entity:nobody",
        "/network?institute=entity:acme",
        "/network?matrix=x",
        "/timeline.svg?since=x",
        "/embed/timeline?since=x",
    ],
)
def test_what_cannot_be_chosen_is_refused(get: Ask, path: str) -> None:
    page = get(path)
    assert page.status_code == 422
    assert "<script>" not in page.text
    if not path.startswith("/embed"):
        problem = get(path, "application/json").json()
        assert problem["code"] == "invalid-parameter"


def test_what_can_be_chosen_is_told(get: Ask) -> None:
    problem = get("/timeline?kind=x", "application/json").json()
    assert problem["allowed"] == ["aisi:Establishment"]


# The network.


def test_a_line_leads_to_its_row_and_the_row_to_its_claims(get: Ask) -> None:
    page = get("/network").text
    assert sorted(rows(page)) == [
        "access-ruritania-aisi-acme",
        "access-syldavia-aisi-everybody",
        "cooperation-acme-ruritania-aisi",
        "cooperation-ruritania-aisi-syldavia-aisi",
    ]
    assert sorted(marks(page)) == sorted(rows(page))
    row = page.partition('<tr id="cooperation-acme-ruritania-aisi"')[2].partition("</tr>")[0]
    assert row.count('class="claim"') == 2
    assert "working cooperation" in row
    assert "without an instrument" in row


def test_who_is_picked_stands_out(get: Ask) -> None:
    page = get("/network?node=entity:acme&lang=en").text
    assert sorted(rows(page)) == ["access-ruritania-aisi-acme", "cooperation-acme-ruritania-aisi"]
    assert re.findall(r'class="party[^"]* picked" aria-label="([^"]+)"', page) == ["Acme"]
    assert "Picked: Acme, with 2 ties." in page
    # All ties are still drawn; those of others step back.
    assert len(re.findall(r'<a href="#[^"]+" class="tie', page)) == 4
    assert len(re.findall(r'class="tie[^"]* far"', page)) == 2
    # Once more, and nobody is picked.
    assert re.search(r'<a href="/network\?lang=en" class="party picked"', page)
    # Whom the filters leave out cannot be picked.
    assert "Picked" not in get("/network?node=entity:acme&strength=3&lang=en").text


@pytest.mark.parametrize(
    ("suffix", "number"),
    [
        ("matrix=access", 2),
        ("strength=3", 1),
        ("kind=aisi:PreDeployment", 1),
        ("institute=entity:syldavia-aisi", 2),
    ],
)
def test_the_network_is_chosen_from(get: Ask, suffix: str, number: int) -> None:
    page = get(f"/network?{suffix}&lang=en").text
    assert len(rows(page)) == number
    assert f"{number} of 4 ties" in page
    data = get(f"/network.json?{suffix}").json()
    matrices = [data] if "pairs" in data else data.values()
    assert sum(len(each["pairs"]) for each in matrices) == number


def test_the_matrix_says_the_same(get: Ask) -> None:
    page = get("/network?view=matrix&lang=en").text
    assert "<svg" not in page
    assert page.count('<table class="matrix">') == 2
    assert "memorandum (3, fact)" in page
    assert "every developer" in page
    assert "<b>" not in page
    # The switch keeps what is chosen.
    chosen = get("/network?strength=3&view=matrix&lang=en").text
    assert 'href="/network?strength=3&amp;lang=en" data-in-place' in chosen


# Pictures.


@pytest.mark.parametrize("path", ["/timeline.svg", "/network.svg"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_picture_says_what_it_is_and_whose(get: Ask, path: str, language: str) -> None:
    response = get(f"{path}?lang={language}")
    assert response.headers["content-type"] == "image/svg+xml"
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert response.headers["etag"]
    root = ET.fromstring(response.content)
    texts = " ".join("".join(text.itertext()) for text in root.iter(SVG + "text"))
    assert "0.0.0+mini" in texts
    assert "CC BY 4.0" in texts
    assert f"http://kg.example.org{path.removesuffix('.svg')}?lang={language}" in texts
    # Read elsewhere, a link has to be whole.
    links = [link.get("href", "") for link in root.iter(SVG + "a")]
    assert links
    assert all(link.startswith(("http://kg.example.org/", "https://w3id.org/")) for link in links if link)
    again = get(f"{path}?lang={language}", headers={"If-None-Match": response.headers["etag"]})
    assert again.status_code == 304
    assert get(path.removesuffix(".svg"), "image/svg+xml").headers["content-location"].startswith(path)


def test_a_picture_says_what_was_chosen(get: Ask) -> None:
    picture = get("/timeline.svg?institute=entity:ruritania-aisi&since=2023-11&lang=en").text
    assert "Institute: Ruritanian Institute · From: 2023-11" in picture
    picture = get("/network.svg?matrix=access&node=entity:acme&strength=&lang=en").text
    assert "What relates them: Access to models · Party: Acme" in picture


def test_addresses_are_those_of_the_proxy(
    make_overview_site: Callable[..., Site], asking: Callable[..., Ask]
) -> None:
    ask = asking(create_app(make_overview_site(public_url="https://example.org/kg")))
    page = ask("GET", "/timeline?lang=en", "text/html").text
    assert 'data-copy="https://example.org/kg/timeline?lang=en"' in page
    assert "src=&#34;https://example.org/kg/embed/timeline?lang=en&#34;" in page
    assert 'property="og:url" content="https://example.org/kg/timeline?lang=en"' in page
    assert re.search(r'property="og:image" content="https://example\.org/kg/static/\w+/card\.png"', page)


# In frames.


@pytest.mark.parametrize(
    "path",
    [
        "/timeline?since=2023-11&lang=zh",
        "/compare",
        "/challenges",
        "/network?lang=en",
        "/network?view=matrix",
        "/tables/3.1",
        "/contradictions",
    ],
)
def test_a_view_in_a_frame(get: Ask, path: str) -> None:
    whole, part = get(path), get("/embed" + path)
    assert part.status_code == 200
    assert "frame-ancestors *" in part.headers["content-security-policy"]
    assert "x-frame-options" not in part.headers
    assert "content-location" not in part.headers
    assert part.headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in whole.headers["content-security-policy"]
    assert whole.headers["x-frame-options"] == "DENY"
    assert part.headers["etag"] != whole.headers["etag"]
    assert "<nav" not in part.text.partition("<main")[0]
    assert "<form" not in part.text.partition("<main")[0]
    assert '<base target="_blank">' in part.text
    assert "CC BY 4.0" in part.text
    # A link leads back to the whole page, with what was chosen.
    stem = path.partition("?")[0]
    assert re.search(rf'<footer class="site">\s*<p><a href="{stem}\?[^"]*lang=', part.text)
    if "since" in path:
        assert re.search(r'<a href="/timeline\?since=2023-11&amp;lang=zh#[^"]+" class="event', part.text)
    again = get("/embed" + path, headers={"If-None-Match": part.headers["etag"]})
    assert again.status_code == 304
    assert "frame-ancestors *" in again.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path", ["/embed/sparql", "/embed/", "/embed/healthz", "/embed/embed/timeline", "/embed/..%2fsparql"]
)
def test_what_is_no_view_is_in_no_frame(get: Ask, path: str) -> None:
    response = get(path)
    assert response.status_code == 404
    assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
    assert response.headers["x-frame-options"] == "DENY"


def test_what_is_not_there_is_told_in_the_frame(get: Ask) -> None:
    response = get("/embed/tables/9")
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert "<nav" not in response.text.partition("<main")[0]


def test_what_a_browser_has_keeps_its_policy(get: Ask) -> None:
    whole = get("/timeline")
    again = get("/timeline", headers={"If-None-Match": whole.headers["etag"]})
    assert again.status_code == 304
    # A policy here would take the place of the page's own, under which its styles and scripts load.
    assert "content-security-policy" not in again.headers
    assert again.headers["x-frame-options"] == whole.headers["x-frame-options"]


def test_a_fault_has_a_page_with_its_styles(
    make_overview_site: Callable[..., Site], asking: Callable[..., Ask], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("made for the test")

    monkeypatch.setattr("aisi_kg.web.timeline.draw_timeline", fail)
    response = asking(create_app(make_overview_site()))("GET", "/timeline", "text/html")
    assert response.status_code == 500
    assert "style-src 'self'" in response.headers["content-security-policy"]
    assert response.headers["x-frame-options"] == "DENY"
    assert "made for the test" not in response.text


# For whoever shows a link.


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_tells_what_a_link_to_it_may_show(get: Ask, language: str) -> None:
    page = get(f"/network?lang={language}").text
    told = dict(re.findall(r'<meta property="og:([^"]+)" content="([^"]*)">', page))
    assert told["url"] == f"http://kg.example.org/network?lang={language}"
    assert told["locale"] == {"en": "en_GB", "zh": "zh_CN"}[language]
    assert told["title"] == {"en": "Network", "zh": "网络"}[language]
    image = get(told["image"].removeprefix("http://kg.example.org"), "image/png")
    assert image.headers["content-type"] == "image/png"
    assert image.content.startswith(b"\x89PNG")
    assert len(image.content) < 60_000
    width, height = (int.from_bytes(image.content[start : start + 4], "big") for start in (16, 20))
    assert (told["image:width"], told["image:height"]) == (str(width), str(height))


def test_a_host_that_is_none_is_not_repeated(overview_ask: Ask) -> None:
    page = overview_ask("GET", "/nothing", "text/html", headers={"host": 'x"><script>'})
    assert page.status_code == 404
    assert "og:url" not in page.text
    assert "<script>" not in page.text
