"""Answer for every IRI of the dataset at its path, and for the dataset as a whole.

A document is RDF in the format asked for, by suffix or by ``Accept``; a browser gets a page. What was retired
leads to what took its place, or says why it went.
"""

import hashlib
import re
from contextlib import suppress
from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg.errors import UnknownResource
from aisi_kg.graph.prefixes import BASE, META_GRAPH
from aisi_kg.store.library.records import LANGUAGES
from aisi_kg.store.missing import near_to, read_retirement
from aisi_kg.store.results import GRAPH_FORMATS, Format
from aisi_kg.web.claim_page import claim_page
from aisi_kg.web.entity_page import entity_page
from aisi_kg.web.headers import CACHE_CONTROL, DESCRIPTION, is_known, links, local_path
from aisi_kg.web.inquiring import conduct
from aisi_kg.web.language import page_language
from aisi_kg.web.negotiation import HTML
from aisi_kg.web.pages import kept
from aisi_kg.web.problems import Problem
from aisi_kg.web.requests import accepted, query_string
from aisi_kg.web.resource_page import dataset_page, missing_page, resource_page, retired_page
from aisi_kg.web.site import site_of
from aisi_kg.web.source_pages import footnote_page, publication_page, section_page, source_page

__all__ = ["router"]

router = APIRouter()

_GET = ["GET", "HEAD"]
#: What documents are written in. RDF comes before HTML, so that a program that accepts anything gets data.
_FORMATS = (*GRAPH_FORMATS, HTML)
#: The pages of things by the form of their paths; what has none of its own is shown statement by statement.
_PAGES = tuple(
    (re.compile(form, re.DOTALL), page)
    for form, page in (
        ("/claim/.+", claim_page),
        ("/entity/.+", entity_page),
        ("/source/[^/]+", source_page),
        ("/source/[^/]+/section/.+", section_page),
        ("/source/[^/]+/footnote/.+", footnote_page),
        ("/publication/.+", publication_page),
        ("/" + META_GRAPH.removeprefix(BASE), dataset_page),
    )
)
#: What stands in every document about what was retired, whatever its format.
_MARK = b"deprecated"
_RESOURCES = ("entity", "claim", "source", "publication", "graph")


@router.api_route(DESCRIPTION, methods=_GET)
async def void(request: Request) -> Response:
    """Describe the dataset."""
    return await _negotiated(request, META_GRAPH.removeprefix(BASE))


@router.api_route("/{kind}/{name:path}", methods=_GET)
async def resource(request: Request, kind: str, name: str) -> Response:
    """Send the document about a resource."""
    if kind not in _RESOURCES or not name:
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", "There is nothing at this address.")
    stem, dot, extension = name.rpartition(".")
    format_ = next((f for f in _FORMATS if dot and f.extension == extension), None)
    if format_ is not None:
        return await _document(request, f"{kind}/{stem}", format_, extension)
    return await _negotiated(request, f"{kind}/{name}")


async def _negotiated(request: Request, path: str) -> Response:
    """Send a document in the format that the client likes best, and say where that format is."""
    format_ = accepted(request, _FORMATS)
    response = await _document(request, path, format_)
    if response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
        response.headers["Content-Location"] = local_path(request, f"/{path}.{format_.extension}")
    return response


async def _document(request: Request, path: str, format_: Format, extension: str = "") -> Response:
    """Send a document, by the ending of its address or by choice; or say what became of what was retired."""
    iri = BASE + path
    language = page_language(request, query_string(request)) if format_ is HTML else LANGUAGES[0]
    if format_ is HTML:
        retirement = await conduct(request, read_retirement(iri, language))
        if retirement is None:
            return await _page(request, iri, "/" + path, language)
    else:
        response = await _data(request, path, format_)
        # Only then can it have been retired, and most documents are not looked up for it.
        is_suspect = _MARK in response.body
        retirement = await conduct(request, read_retirement(iri, language)) if is_suspect else None
        if retirement is None:
            return response
    if retirement.successor:
        address = local_path(request, "/" + retirement.successor.removeprefix(BASE))
        location = (f"{address}.{extension}" if extension else address) + kept(query_string(request))
        headers = {"Location": location, "Vary": "Accept"}
        return Response(status_code=HTTPStatus.MOVED_PERMANENTLY, headers=headers)
    if format_ is HTML:
        return await retired_page(request, retirement, language)
    notes = " ".join(note.text for note in retirement.notes)
    see = tuple(local_path(request, "/" + each.iri.removeprefix(BASE)) for each in retirement.see)
    detail = f"This name was given up and is not used for anything else. {notes}".strip()
    raise Problem(HTTPStatus.GONE, "gone", detail, near=see or None)


async def _data(request: Request, path: str, format_: Format) -> Response:
    """Send a document as RDF with its tag, or only say that the client has it."""
    iri = BASE + path
    try:
        body = await site_of(request).evaluator.document(iri, format_.name)
    except UnknownResource as error:
        near = await conduct(request, near_to(iri, LANGUAGES[0]))
        paths = tuple(local_path(request, "/" + each.iri.removeprefix(BASE)) for each in near)
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", str(error), near=paths or None) from error
    headers = {
        # By content: the same document keeps its tag from one dataset to the next.
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        "Cache-Control": CACHE_CONTROL,
        "Link": links(request, "/" + path, _FORMATS, canonical=iri),
        "Vary": "Accept",
    }
    if is_known(request, headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, headers=headers, media_type=format_.content_type)


async def _page(request: Request, iri: str, path: str, language: str) -> Response:
    """Show a resource, by what kind of thing it is."""
    # Of a claim without passage, or a publication that nobody cites, there is less to show.
    pages = [*(page for form, page in _PAGES if form.fullmatch(path)), resource_page]
    for page in pages:
        with suppress(UnknownResource):
            response = await page(request, iri, path, language)
            # The other formats are in no language.
            response.headers["Link"] = links(request, path, _FORMATS, canonical=iri)
            return response
    return await missing_page(request, iri, language)
