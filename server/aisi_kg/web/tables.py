"""Show the report's tables at ``/tables/3.1`` and ``/tables/3.2``, put together again from claims."""

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg.store.grids import Grid
from aisi_kg.store.inquiry import Inquiry
from aisi_kg.store.library.records import Library
from aisi_kg.store.tables import TABLES, rebuild, table_grid
from aisi_kg.web.inquiring import conduct
from aisi_kg.web.language import page_language
from aisi_kg.web.problems import Problem
from aisi_kg.web.rendering import page_response
from aisi_kg.web.requests import accepted, query_string
from aisi_kg.web.site import site_of
from aisi_kg.web.tabular import WITH_WORKBOOK, only, send_grids, split_name

__all__ = ["router"]

router = APIRouter()


@router.api_route("/tables/{name}", methods=["GET", "HEAD"])
async def table(request: Request, name: str) -> Response:
    """Show a table of the report."""
    number, format_ = split_name(name, WITH_WORKBOOK)
    if number not in TABLES:
        detail = f"There is no table {number[:20]!a}; there are {' and '.join(TABLES)}."
        near = tuple(f"/tables/{each}" for each in TABLES)
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", detail, near=near)
    only(request, ())
    language = page_language(request, query_string(request))
    chosen = format_ or accepted(request, WITH_WORKBOOK)
    path = f"/tables/{number}"
    grid = await conduct(request, _grid(site_of(request).dataset.library, number, language))

    def lay(grids: Sequence[Grid]) -> Response:
        return page_response(
            request,
            "table.html",
            path=path,
            language=language,
            formats=WITH_WORKBOOK,
            title=grids[0].title,
            grid=grids[0],
            tables=[(f"/tables/{each}", title.in_language(language)) for each, title in TABLES.items()],
        )

    return await send_grids(
        request,
        [grid],
        chosen,
        lay,
        path=path,
        language=language,
        formats=WITH_WORKBOOK,
        is_named=format_ is not None,
    )


def _grid(library: Library, number: str, language: str) -> Inquiry[Grid]:
    found = yield from rebuild(library, number)
    return table_grid(found, language)
