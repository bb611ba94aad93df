"""Tell programs that walk the site what there is: ``/robots.txt``, ``/sitemap.xml``, ``/llms.txt``."""

from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from aisi_kg import __version__
from aisi_kg.graph.prefixes import BASE
from aisi_kg.store.library.records import LANGUAGES
from aisi_kg.store.results import Format
from aisi_kg.store.things import things
from aisi_kg.web.inquiring import conduct
from aisi_kg.web.language import LANGUAGE_PARAMETER
from aisi_kg.web.pages import tagged
from aisi_kg.web.rendering import text_template
from aisi_kg.web.site import base_url, site_of

__all__ = ["PAGES", "router"]

router = APIRouter()

_GET = ["GET", "HEAD"]
_TEXT = Format("txt", "text/plain", "txt", "", has_charset=True)
_XML = Format("xml", "application/xml", "xml", "")
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
#: Pages beside those about one thing each.
PAGES = (
    "/",
    "/tables/3.1",
    "/tables/3.2",
    "/compare",
    "/timeline",
    "/network",
    "/contradictions",
    "/challenges",
    "/footnotes",
    "/publications",
    "/queries",
    "/ontology",
    "/about",
    "/changes",
)


@router.api_route("/robots.txt", methods=_GET)
async def robots(request: Request) -> Response:
    """Say what is not worth walking: answers to questions, of which there is no end."""
    body = text_template("robots.txt", base=base_url(request)).encode()
    return tagged(request, _TEXT, body, "/robots", ())


@router.api_route("/llms.txt", methods=_GET)
async def llms(request: Request) -> Response:
    """Say to programs that read what is here and how to ask for it (the form is that of llmstxt.org)."""
    dataset = site_of(request).dataset
    text = text_template(
        "llms.txt",
        base=base_url(request),
        version=__version__,
        dataset_version=dataset.version,
        dumps=list(dataset.dumps),
        questions=list(dataset.library.queries.values()),
    )
    return tagged(request, _TEXT, text.encode(), "/llms", ())


@router.api_route("/sitemap.xml", methods=_GET)
async def sitemap(request: Request) -> Response:
    """List every page, each in both languages."""
    base = base_url(request)
    about = [iri.removeprefix(BASE) for iri in await conduct(request, things())]
    questions = [f"/queries/{name}" for name in site_of(request).dataset.library.queries]
    paths = [*PAGES, *questions, *(f"/{path}" for path in about)]
    # Thousands of addresses take a while to write, in which other clients are answered.
    body = await run_in_threadpool(_written, base, paths)
    return tagged(request, _XML, body, "/sitemap", ())


def _written(base: str, paths: list[str]) -> bytes:
    root = Element("urlset", {"xmlns": _SITEMAP, "xmlns:xhtml": _XHTML})
    for path in paths:
        for language in LANGUAGES:
            url = SubElement(root, "url")
            SubElement(url, "loc").text = f"{base}{path}?{LANGUAGE_PARAMETER}={language}"
            for other in LANGUAGES:
                address = f"{base}{path}?{LANGUAGE_PARAMETER}={other}"
                SubElement(url, "xhtml:link", {"rel": "alternate", "hreflang": other, "href": address})
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root) + b"\n"
