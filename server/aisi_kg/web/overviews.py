"""Show the time line, and who works with whom and has access to whose models.

Each is a page, and CSV, JSON and Markdown by the ending of its path or by ``Accept``.
"""

from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg.store.grids import Grid
from aisi_kg.store.library.records import Text
from aisi_kg.store.overviews import MATRICES, matrix, timeline
from aisi_kg.store.results import Format
from aisi_kg.web.grid_page import grids_elements
from aisi_kg.web.inquiring import conduct
from aisi_kg.web.language import page_language
from aisi_kg.web.negotiation import HTML
from aisi_kg.web.pages import Parameters, invalid, tagged
from aisi_kg.web.rendering import addresses, framed
from aisi_kg.web.requests import accepted, query_string
from aisi_kg.web.site import site_of
from aisi_kg.web.tabular import CSV, FORMATS, named_format, only, send_grids

__all__ = ["router"]

router = APIRouter()

_GET = ["GET", "HEAD"]
_MATRIX = "matrix"
_NETWORK = Text(en="Network", zh="网络")


@router.api_route("/timeline", methods=_GET)
@router.api_route("/timeline.{extension}", methods=_GET)
async def time_line(request: Request, extension: str = "") -> Response:
    """Show what happened when."""
    only(request, ())
    language = page_language(request, query_string(request))
    format_ = named_format("timeline", extension, FORMATS)
    chosen = format_ or accepted(request, FORMATS)
    grid = await conduct(request, timeline(site_of(request).dataset.library, language))
    return await _send(request, "/timeline", [grid], chosen, grid.title, (), is_named=format_ is not None)


@router.api_route("/network", methods=_GET)
@router.api_route("/network.{extension}", methods=_GET)
async def network(request: Request, extension: str = "") -> Response:
    """Show who cooperates with whom and who has access to whose models."""
    parameters = only(request, (_MATRIX,))
    chosen = dict(parameters).get(_MATRIX, "")
    if chosen and chosen not in MATRICES:
        detail = f"The parameter {_MATRIX} is {' or '.join(MATRICES)}; name one of them."
        raise invalid(_MATRIX, detail, tuple(MATRICES))
    language = page_language(request, query_string(request))
    format_ = named_format("network", extension, FORMATS) or accepted(request, FORMATS)
    if format_ is CSV and not chosen:
        detail = f"A CSV file holds one table; say by the parameter {_MATRIX} which: {' or '.join(MATRICES)}."
        raise invalid(_MATRIX, detail, tuple(MATRICES))
    library = site_of(request).dataset.library
    names = [chosen] if chosen else list(MATRICES)
    grids = [await conduct(request, matrix(library, each, language)) for each in names]
    title = grids[0].title if chosen else _NETWORK.in_language(language)
    return await _send(request, "/network", grids, format_, title, parameters, is_named=bool(extension))


async def _send(
    request: Request,
    path: str,
    grids: Sequence[Grid],
    chosen: Format,
    title: str,
    parameters: Parameters,
    *,
    is_named: bool,
) -> Response:
    language = grids[0].language

    def lay(laid: Sequence[Grid]) -> Response:
        content = grids_elements(laid, addresses(request, language).resource)
        body = framed(
            request,
            title,
            *content,
            path=path,
            language=language,
            parameters=parameters,
            formats=FORMATS,
        )
        return tagged(request, HTML, body, path, FORMATS)

    return await send_grids(request, grids, chosen, lay, path=path, language=language, is_named=is_named)
