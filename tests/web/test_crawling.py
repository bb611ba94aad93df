"""What programs that walk the site are told."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import httpx

Ask = Callable[..., httpx.Response]

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
XHTML = "{http://www.w3.org/1999/xhtml}"


def test_the_sitemap_lists_pages_that_are_there_in_both_languages(ask: Ask) -> None:
    response = ask("GET", "/sitemap.xml")
    assert response.headers["content-type"] == "application/xml"
    root = ET.fromstring(response.content)
    addresses = [loc.text or "" for loc in root.iter(f"{SITEMAP}loc")]
    assert len(addresses) == len(set(addresses))
    about = [a for a in addresses if re.match(r"http://kg\.example\.org/(entity|claim|source)/", a)]
    assert "http://kg.example.org/entity/ruritania-aisi?lang=zh" in about
    assert "http://kg.example.org/claim/concordia-2024/two?lang=en" in about
    for address in about:
        parts = urlsplit(address)
        response = ask("GET", f"{parts.path}?{parts.query}", "text/html")
        assert response.status_code == 200, address
        assert f'<html lang="{parts.query.removeprefix("lang=")}">' in response.text
    for url in root.iter(f"{SITEMAP}url"):
        links = {link.get("hreflang"): link.get("href") for link in url.iter(f"{XHTML}link")}
        assert set(links) == {"en", "zh"}
        assert url.findtext(f"{SITEMAP}loc") in links.values()


def test_robots_are_sent_to_the_sitemap_and_not_to_answers(ask: Ask) -> None:
    response = ask("GET", "/robots.txt")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    lines = response.text.splitlines()
    assert "Sitemap: http://kg.example.org/sitemap.xml" in lines
    assert "Disallow: /sparql?" in lines
    assert "Disallow: /" not in lines


def test_every_address_that_a_language_model_is_told_answers(library_ask: Ask) -> None:
    response = library_ask("GET", "/llms.txt")
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.text.startswith("# AISI-KG\n\n> ")
    paths = re.findall(r"\]\(http://kg\.example\.org(/[^)]*)\)", response.text)
    assert "/queries/money.md" in paths
    # The overviews rest on the project's own questions, which this dataset is without; one of its own asks
    # elsewhere.
    others = ("/tables", "/timeline", "/contradictions", "/explain", "/sparql", "/queries/elsewhere")
    for path in paths:
        if not path.startswith(others):
            assert library_ask("GET", path).status_code == 200, path
