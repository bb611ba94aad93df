"""Show at ``/search`` what a search finds, grouped by kind, and whom the claims that were found are about."""

from collections.abc import Iterator, Sequence

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg.store.involved import institutes_in
from aisi_kg.store.search import Group, Hit, Kind, search
from aisi_kg.store.search.documents import Role
from aisi_kg.web.inquiring import conduct
from aisi_kg.web.language import page_language
from aisi_kg.web.messages import message
from aisi_kg.web.negotiation import HTML
from aisi_kg.web.rendering import page_response
from aisi_kg.web.requests import query_string
from aisi_kg.web.searching import KIND_NAMES, read_kinds, read_number
from aisi_kg.web.site import site_of
from aisi_kg.web.tabular import JSON, only

__all__ = ["is_named", "marked", "router"]

router = APIRouter()

_FORMATS = (HTML, JSON)
#: Hits of each kind at first, and on a page of one kind.
_FEW, _MANY = 5, 25
_MOST_PASSED = 10_000
#: So many of the claims that were found tell whom they are about.
_LOOKED_AT = 50


@router.api_route("/search", methods=["GET", "HEAD"])
@router.api_route("/search.html", methods=["GET", "HEAD"])
async def search_page(request: Request) -> Response:
    """Show the hits of a search, all kinds or one; without words, how to search."""
    parameters = only(request, ("q", "kind", "offset"))
    language = page_language(request, query_string(request))
    text = dict(parameters).get("q", "").strip()
    kinds = read_kinds(parameters)
    offset = read_number(parameters, "offset", 0, 0, _MOST_PASSED)
    index = site_of(request).dataset.search
    found = search(index, text, language, limit=_FEW)
    shown: Sequence[Group] = found.groups
    if kinds:
        shown = search(index, text, language, kinds, _MANY, offset=offset).groups
    claims = [
        hit.document.iri
        for group in search(index, text, language, (Kind.CLAIM,), _LOOKED_AT).groups
        for hit in group.hits
    ]
    institutes = await conduct(request, institutes_in(claims))
    heading = "search.results" if text else "search.title"
    return page_response(
        request,
        "search.html",
        path="/search",
        language=language,
        parameters=parameters,
        formats=_FORMATS,
        title=message(heading, language, text=text),
        text=text,
        found=found,
        shown=shown,
        kind=kinds[0] if kinds else None,
        offset=offset,
        page_size=_MANY,
        names={kind: name.in_language(language) for kind, name in KIND_NAMES.items()},
        institutes=institutes,
        marked=marked,
        is_named=is_named,
    )


def marked(hit: Hit) -> Iterator[tuple[str, bool]]:
    """Cut the text that shows why something was found where the words begin and end.

    :param hit: what was found.
    :returns: the parts in order, and of each whether it was searched for.
    """
    text, place = hit.snippet.text, 0
    for low, high in hit.snippet.ranges:
        if low > place:
            yield text[place:low], False
        yield text[low:high], True
        place = high
    if place < len(text):
        yield text[place:], False


def is_named(hit: Hit) -> bool:
    """Tell whether the text that shows why something was found is its name.

    :param hit: what was found.
    :returns: whether the name need not be shown beside it.
    """
    return hit.snippet.role is Role.LABEL and hit.snippet.text == hit.label
