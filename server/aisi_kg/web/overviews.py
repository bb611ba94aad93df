"""Show the report's tables, the time line, who works with whom, and the contradictions.

Each is a page, and CSV, JSON and Markdown by the ending of its path or by ``Accept``.
"""

from collections.abc import Callable, Sequence
from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from aisi_kg.store.grids import Grid, as_csv, as_json, as_markdown
from aisi_kg.store.inquiry import Inquiry
from aisi_kg.store.library.records import Library, Text
from aisi_kg.store.overviews import contradictions, matrix, timeline
from aisi_kg.store.relations import MATRICES
from aisi_kg.store.results import Format
from aisi_kg.store.tables import TABLES, rebuild, table_grid
from aisi_kg.web.grid_page import grids_elements
from aisi_kg.web.headers import local_path
from aisi_kg.web.inquiring import conduct
from aisi_kg.web.language import LANGUAGE_PARAMETER, page_language
from aisi_kg.web.negotiation import HTML
from aisi_kg.web.pages import MARKDOWN, invalid, kept, tagged
from aisi_kg.web.problems import Problem
from aisi_kg.web.rendering import addresses, framed
from aisi_kg.web.requests import accepted, query_string
from aisi_kg.web.site import site_of

__all__ = ["router"]

router = APIRouter()

_GET = ["GET", "HEAD"]
_JSON = Format("json", "application/json", "json", "")
_CSV = Format("csv", "text/csv", "csv", "", has_charset=True)
#: People come here; programs name what they want.
_FORMATS = (HTML, _JSON, _CSV, MARKDOWN)
_MATRIX = "matrix"
_NETWORK = Text(en="Network", zh="网络")

#: Makes the tables of a page in a language.
_Make = Callable[[Library, str], Sequence[Inquiry[Grid]]]


@router.api_route("/tables/{name}", methods=_GET)
async def table(request: Request, name: str) -> Response:
    """Show a table of the report."""
    number, format_ = _split(name)
    if number not in TABLES:
        detail = f"There is no table {number[:20]!a}; there are {' and '.join(TABLES)}."
        near = tuple(f"/tables/{each}" for each in TABLES)
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", detail, near=near)

    def make(library: Library, language: str) -> Sequence[Inquiry[Grid]]:
        return [_table(library, number, language)]

    _only(request, ())
    return await _show(request, f"/tables/{number}", format_, make)


def _table(library: Library, number: str, language: str) -> Inquiry[Grid]:
    found = yield from rebuild(library, number)
    return table_grid(found, language)


@router.api_route("/timeline", methods=_GET)
@router.api_route("/timeline.{extension}", methods=_GET)
async def time_line(request: Request, extension: str = "") -> Response:
    """Show what happened when."""
    _only(request, ())
    format_ = _format("timeline", extension)
    return await _show(request, "/timeline", format_, lambda library, language: [timeline(library, language)])


@router.api_route("/contradictions", methods=_GET)
@router.api_route("/contradictions.{extension}", methods=_GET)
async def disagreements(request: Request, extension: str = "") -> Response:
    """Show where the source disagrees with itself."""
    _only(request, ())
    format_ = _format("contradictions", extension)
    return await _show(
        request, "/contradictions", format_, lambda library, language: [contradictions(library, language)]
    )


@router.api_route("/network", methods=_GET)
@router.api_route("/network.{extension}", methods=_GET)
async def network(request: Request, extension: str = "") -> Response:
    """Show who cooperates with whom and who has access to whose models."""
    chosen = _only(request, (_MATRIX,)).get(_MATRIX, "")
    if chosen and chosen not in MATRICES:
        detail = f"The parameter {_MATRIX} is {' or '.join(MATRICES)}; name one of them."
        raise invalid(_MATRIX, detail, tuple(MATRICES))
    format_ = _format("network", extension) or accepted(request, _FORMATS)
    if format_ is _CSV and not chosen:
        detail = f"A CSV file holds one table; say by the parameter {_MATRIX} which: {' or '.join(MATRICES)}."
        raise invalid(_MATRIX, detail, tuple(MATRICES))
    names = [chosen] if chosen else list(MATRICES)

    def make(library: Library, language: str) -> Sequence[Inquiry[Grid]]:
        return [matrix(library, each, language) for each in names]

    is_named = bool(extension)
    return await _show(
        request, "/network", format_, make, title=None if chosen else _NETWORK, is_named=is_named
    )


def _split(name: str) -> tuple[str, Format | None]:
    """Split the end of a path into a name and a format."""
    stem, dot, extension = name.rpartition(".")
    format_ = next((f for f in _FORMATS if dot and f.extension == extension), None)
    return (stem, format_) if format_ is not None else (name, None)


def _format(name: str, extension: str) -> Format | None:
    if not extension:
        return None
    format_ = next((f for f in _FORMATS if f.extension == extension), None)
    if format_ is None:
        offered = tuple(f.extension for f in _FORMATS)
        detail = f"There is no {name}.{extension[:40]}; there are {', '.join(offered)}."
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", detail, offered=offered)
    return format_


def _only(request: Request, names: Sequence[str]) -> dict[str, str]:
    """Read the parameters of the URL; there are no others than these and the language."""
    allowed = (*names, LANGUAGE_PARAMETER)
    found: dict[str, str] = {}
    for name, value in query_string(request):
        if name not in allowed:
            detail = f"This page has no parameter {name[:80]!a}; it has {', '.join(allowed)}."
            raise invalid(name, detail, allowed)
        found[name] = value
    return found


async def _show(
    request: Request,
    path: str,
    format_: Format | None,
    make: _Make,
    *,
    title: Text | None = None,
    is_named: bool | None = None,
) -> Response:
    parameters = query_string(request)
    language = page_language(request, parameters)
    is_named = format_ is not None if is_named is None else is_named
    chosen = format_ or accepted(request, _FORMATS)
    library = site_of(request).dataset.library
    grids = [await conduct(request, inquiry) for inquiry in make(library, language)]
    own = [(name, value) for name, value in parameters if name != LANGUAGE_PARAMETER]
    if chosen is HTML:
        name = title.in_language(language) if title else grids[0].title
        # A long page takes a while to lay out, in which other clients are answered.
        content = await run_in_threadpool(grids_elements, grids, addresses(request, language).resource)
        body = framed(request, name, *content, path=path, language=language, parameters=own, formats=_FORMATS)
    else:
        writers = {_JSON.name: as_json, _CSV.name: as_csv, MARKDOWN.name: as_markdown}
        text = await run_in_threadpool(writers[chosen.name], grids)
        body = text.encode()
    response = tagged(request, chosen, body, path, _FORMATS)
    if not is_named:
        found = local_path(request, f"{path}.{chosen.extension}") + kept(parameters)
        response.headers["Content-Location"] = found
    response.headers["Content-Language"] = language
    return response
