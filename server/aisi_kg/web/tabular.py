"""Send what a page shows as tables in the formats of programs too: CSV, JSON, Markdown, Excel.

The page itself is its own module's; all formats come from the same tables, by the ending of the path or by
``Accept``.
"""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import TypeAlias

from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from aisi_kg.store.claims import read_claims
from aisi_kg.store.grids import Grid, as_csv, as_json, as_markdown
from aisi_kg.store.results import Format
from aisi_kg.store.workbook import as_xlsx
from aisi_kg.web.headers import local_path
from aisi_kg.web.inquiring import conduct
from aisi_kg.web.messages import message
from aisi_kg.web.negotiation import HTML
from aisi_kg.web.pages import MARKDOWN, Parameters, invalid, kept, tagged
from aisi_kg.web.problems import Problem
from aisi_kg.web.requests import query_string
from aisi_kg.web.site import base_url, site_of

__all__ = [
    "CSV",
    "FORMATS",
    "JSON",
    "WITH_WORKBOOK",
    "XLSX",
    "Lay",
    "named_format",
    "notes",
    "only",
    "send_grids",
    "split_name",
]

JSON = Format("json", "application/json", "json", "")
CSV = Format("csv", "text/csv", "csv", "", has_charset=True)
XLSX = Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", "")
#: People come to a page; programs name what they want.
FORMATS = (HTML, JSON, CSV, MARKDOWN)
WITH_WORKBOOK = (*FORMATS, XLSX)

#: Makes the page of tables.
Lay: TypeAlias = Callable[[Sequence[Grid]], Response]


def only(request: Request, names: Sequence[str], several: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Read the parameters of the URL; there are no others than these and the language.

    :param request: the request.
    :param names: the parameters that there are.
    :param several: those of them that may be given more than once.
    :returns: names and values in order; those without a value are left out.
    :raises Problem: if there is another one, or one is given twice that may not be.
    """
    # The language is checked where it is chosen; it may be there twice with one value.
    found: list[tuple[str, str]] = []
    for name, value in query_string(request):
        if name == "lang":
            continue
        if name not in names:
            allowed = (*names, "lang")
            detail = f"This page has no parameter {name[:80]!a}; it has {', '.join(allowed)}."
            raise invalid(name, detail, allowed)
        if name not in several and any(name == each for each, _ in found):
            raise invalid(name, f"The parameter {name} is given twice; give it once.")
        if value:
            found.append((name, value))
    return found


def split_name(name: str, formats: Sequence[Format]) -> tuple[str, Format | None]:
    """Split the end of a path into a name and a format.

    :param name: the end of the path.
    :param formats: the formats that there are.
    :returns: the name, and the format whose ending it has; None where it has none.
    """
    stem, dot, extension = name.rpartition(".")
    format_ = next((f for f in formats if dot and f.extension == extension), None)
    return (stem, format_) if format_ is not None else (name, None)


def named_format(name: str, extension: str, formats: Sequence[Format]) -> Format | None:
    """Find the format that the ending of a path names.

    :param name: the name of the page.
    :param extension: the ending without its dot; empty where there is none.
    :param formats: the formats that there are.
    :returns: the format; None where there is no ending.
    :raises Problem: if there is no such format.
    """
    if not extension:
        return None
    format_ = next((f for f in formats if f.extension == extension), None)
    if format_ is None:
        offered = tuple(f.extension for f in formats)
        detail = f"There is no {name}.{extension[:40]}; there are {', '.join(offered)}."
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", detail, offered=offered)
    return format_


async def send_grids(
    request: Request,
    grids: Sequence[Grid],
    chosen: Format,
    lay: Lay,
    *,
    path: str,
    language: str,
    formats: Sequence[Format] = FORMATS,
    is_named: bool,
) -> Response:
    """Send tables in a format.

    :param request: the request that they answer.
    :param grids: the tables.
    :param chosen: the format.
    :param lay: makes the page, where that is the format.
    :param path: the path of the page, without an ending.
    :param language: the language of the tables.
    :param formats: the formats that there are.
    :param is_named: whether the path of the request names the format.
    :returns: the response.
    """
    if chosen is HTML:
        # A long page takes a while to lay out, in which other clients are answered.
        response = await run_in_threadpool(lay, grids)
    else:
        response = tagged(request, chosen, await _written(request, grids, chosen, language), path, formats)
    if not is_named:
        found = local_path(request, f"{path}.{chosen.extension}") + kept(query_string(request))
        response.headers["Content-Location"] = found
    response.headers["Content-Language"] = language
    return response


async def _written(request: Request, grids: Sequence[Grid], chosen: Format, language: str) -> bytes:
    if chosen is XLSX:
        named = {
            claim
            for grid in grids
            for row in grid.rows
            for cell in row
            for entry in cell.entries
            for claim in entry.claims
        }
        claims = await conduct(request, read_claims(named))
        return await run_in_threadpool(as_xlsx, grids, claims, notes(request, language))
    writers = {JSON.name: as_json, CSV.name: as_csv, MARKDOWN.name: as_markdown}
    return (await run_in_threadpool(writers[chosen.name], grids)).encode()


def notes(request: Request, language: str) -> list[str]:
    """Say where something that leaves the site comes from.

    :param request: the request that is answered.
    :param language: the language.
    :returns: the dataset with its version, its licence, and the address of the page.
    """
    version = site_of(request).dataset.version
    told: Parameters = [(name, value) for name, value in query_string(request) if name != "lang"]
    path, _ = split_name(request.url.path, WITH_WORKBOOK)
    return [
        message("tables.taken_from", language, version=version),
        message("site.data_licence", language),
        base_url(request) + local_path(request, path) + kept([*told, ("lang", language)]),
    ]
