"""The first page, what has changed, and what this is: ``/``, ``/changes`` with its feed, ``/about``."""

from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg.graph.prefixes import BASE
from aisi_kg.store.changes import Changes, read_changes
from aisi_kg.store.describe import DATASET, DUMPS, LICENCE
from aisi_kg.store.glance import FACTS, Record, read_cards, read_counts, read_record
from aisi_kg.store.library.records import LANGUAGES, Library
from aisi_kg.store.results import Format
from aisi_kg.web.inquiring import conduct
from aisi_kg.web.language import LANGUAGE_PARAMETER, page_language
from aisi_kg.web.messages import message
from aisi_kg.web.negotiation import HTML
from aisi_kg.web.pages import tagged
from aisi_kg.web.rendering import addresses, page_response
from aisi_kg.web.requests import query_string
from aisi_kg.web.site import base_url, site_of
from aisi_kg.web.tabular import only

__all__ = ["router"]

router = APIRouter()

_GET = ["GET", "HEAD"]
_ATOM_NAMESPACE = "http://www.w3.org/2005/Atom"
_ATOM = Format("atom", "application/atom+xml", "atom", "", has_charset=True)
#: Questions with this tag stand on the first page.
_POPULAR = "popular"
_MOST_CHANGES = 5


@router.api_route("/", methods=_GET)
async def home(request: Request) -> Response:
    """Show what this is, what it holds, and where to begin."""
    only(request, ())
    language = page_language(request, query_string(request))
    dataset = site_of(request).dataset
    changes = await conduct(request, read_changes())
    record = await conduct(request, read_record(language))
    return page_response(
        request,
        "home.html",
        described=_described(request, record),
        path="/",
        language=language,
        title=message("home.title", language),
        counts=await conduct(request, read_counts()),
        cards=await conduct(request, read_cards(language)),
        facts=FACTS,
        questions=_popular(dataset.library, language),
        changes=changes.changes[:_MOST_CHANGES],
        dumps=[
            (f"/dump.{extension}", name, dataset.dumps[extension].path.stat().st_size)
            for extension, _, name in DUMPS
            if extension in dataset.dumps
        ],
    )


def _described(request: Request, record: Record) -> dict[str, Any]:
    """Describe the dataset in schema.org's terms, which search engines read as JSON-LD."""
    dataset = site_of(request).dataset
    here = base_url(request)
    told = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": DATASET.value,
        "name": record.title,
        "description": record.description,
        "url": BASE,
        "version": dataset.version,
        "inLanguage": list(LANGUAGES),
        "license": LICENCE.value,
        "isAccessibleForFree": True,
        "datePublished": record.issued,
        "dateModified": record.modified,
        "keywords": list(record.keywords),
        "creator": [{"@type": "Organization", "name": name} for name in record.creators],
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": media_type,
                "contentUrl": f"{here}/dump.{extension}",
            }
            for extension, media_type, _ in DUMPS
            if extension in dataset.dumps
        ],
    }
    return {name: value for name, value in told.items() if value}


def _popular(library: Library, language: str) -> list[tuple[str, str]]:
    """List the questions that people ask most, path and title of each."""
    found = [query for query in library.queries.values() if _POPULAR in query.tags]
    return [(f"/queries/{query.id}", query.title.in_language(language)) for query in found]


@router.api_route("/about", methods=_GET)
async def about(request: Request) -> Response:
    """Say how this is made, what it is not, and how to cite it."""
    only(request, ())
    language = page_language(request, query_string(request))
    record = await conduct(request, read_record(language))
    return page_response(
        request,
        "about.html",
        path="/about",
        language=language,
        title=message("about.title", language),
        record=record,
        homepage=BASE,
    )


@router.api_route("/changes", methods=_GET)
async def changes_page(request: Request) -> Response:
    """Show what has changed."""
    only(request, ())
    language = page_language(request, query_string(request))
    found = await conduct(request, read_changes())
    return page_response(
        request,
        "changes.html",
        path="/changes",
        language=language,
        formats=(HTML, _ATOM),
        title=message("changes.title", language),
        found=found,
    )


@router.api_route("/changes.atom", methods=_GET)
async def changes_feed(request: Request) -> Response:
    """Send what has changed as a feed."""
    only(request, ())
    language = page_language(request, query_string(request))
    found = await conduct(request, read_changes())
    body = _feed(request, found, language)
    response = tagged(request, _ATOM, body, "/changes", (HTML, _ATOM))
    response.headers["Content-Language"] = language
    return response


def _feed(request: Request, found: Changes, language: str) -> bytes:
    """Write a feed: https://www.rfc-editor.org/rfc/rfc4287."""
    written = addresses(request, language)
    here = base_url(request)

    def absolute(path: str) -> str:
        # What stands before the path is in the address of the server too, where a proxy puts it there.
        return here + "/" + path.removeprefix(written.file("/"))

    feed = Element("feed", {"xmlns": _ATOM_NAMESPACE, "xml:lang": "zh-Hans" if language == "zh" else "en"})
    _say(feed, "id", f"{BASE}changes?{LANGUAGE_PARAMETER}={language}")
    _say(feed, "title", message("changes.feed", language))
    # What nothing has changed in was last changed at no time that is known; a feed has to name one.
    _say(feed, "updated", f"{found.updated or '1970-01-01'}T00:00:00Z")
    _say(SubElement(feed, "author"), "name", "AISI-KG")
    page = absolute(written.page("/changes"))
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": page})
    SubElement(feed, "link", {"rel": "self", "href": absolute(written.page("/changes.atom"))})
    for change in found.changes:
        entry = SubElement(feed, "entry")
        _say(entry, "id", change.iri)
        _say(entry, "title", change.title.in_language(language))
        _say(entry, "updated", f"{change.date}T00:00:00Z")
        _say(entry, "summary", change.description.in_language(language))
        SubElement(entry, "link", {"href": f"{page}#{change.name}"})
    body: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return body


def _say(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text
