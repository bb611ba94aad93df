"""Compare institutes at ``/compare``: which ones and by what is in the URL, so that it keeps the view."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg.graph.prefixes import AISI, ENTITY_BASE, Prefixes
from aisi_kg.store.comparison import (
    Comparable,
    Comparables,
    Named,
    Nature,
    compare,
    comparison_grid,
    find_comparables,
)
from aisi_kg.store.grids import Grid
from aisi_kg.web.inquiring import conduct
from aisi_kg.web.language import page_language
from aisi_kg.web.pages import Parameters, invalid
from aisi_kg.web.rendering import page_response
from aisi_kg.web.requests import accepted, query_string
from aisi_kg.web.site import site_of
from aisi_kg.web.tabular import WITH_WORKBOOK, named_format, only, send_grids

__all__ = ["router"]

router = APIRouter()

_GET = ["GET", "HEAD"]
_INSTITUTE, _PROPERTY = "institute", "property"
#: What is compared where nothing is chosen, as far as the dataset has it.
_USUAL = tuple(
    AISI + name
    for name in (
        "FoundingDateAspect",
        "BasisAspect",
        "ParentAspect",
        "FundingAspect",
        "RisksAspect",
        "ModelAccess",
    )
)
_FEWEST = 6

_T = TypeVar("_T", Named, Comparable)


@router.api_route("/compare", methods=_GET)
@router.api_route("/compare.{extension}", methods=_GET)
async def comparison(request: Request, extension: str = "") -> Response:
    """Show a comparison, and what else could be compared."""
    both = (_INSTITUTE, _PROPERTY)
    parameters = only(request, both, several=both)
    language = page_language(request, query_string(request))
    format_ = named_format("compare", extension, WITH_WORKBOOK)
    offered = await conduct(request, find_comparables())
    prefixes = site_of(request).prefixes
    institutes = _chosen(_INSTITUTE, parameters, offered.institutes, ENTITY_BASE, prefixes)
    properties = _chosen(_PROPERTY, parameters, offered.properties, AISI, prefixes)
    compared = await conduct(
        request, compare(institutes or offered.institutes, properties or _usual(offered))
    )

    def lay(grids: Sequence[Grid]) -> Response:
        return page_response(
            request,
            "compare.html",
            path="/compare",
            language=language,
            parameters=parameters,
            formats=WITH_WORKBOOK,
            title=grids[0].title,
            grid=grids[0],
            compared=compared,
            titles=compared.statements(language),
            offered=offered,
            natures=list(Nature),
            short=prefixes.shorten,
        )

    return await send_grids(
        request,
        [comparison_grid(compared, language)],
        format_ or accepted(request, WITH_WORKBOOK),
        lay,
        path="/compare",
        language=language,
        formats=WITH_WORKBOOK,
        is_named=format_ is not None,
    )


def _usual(offered: Comparables) -> Sequence[Comparable]:
    usual = [each for each in offered.properties if each.iri in _USUAL]
    return usual or offered.properties[:_FEWEST]


def _chosen(
    parameter: str, parameters: Parameters, offered: Iterable[_T], base: str, prefixes: Prefixes
) -> list[_T]:
    """Find what a client names: by IRI, by prefix, or by the end of the IRI alone.

    :raises Problem: if it names what there is not.
    """
    known: dict[str, _T] = {}
    names: list[str] = []
    for each in offered:
        short = prefixes.shorten(each.iri)
        names.append(short)
        for name in (each.iri, short, each.iri.removeprefix(base)):
            known[name] = each
    found: dict[str, _T] = {}
    for name, value in parameters:
        if name != parameter:
            continue
        if value not in known:
            detail = f"There is no {parameter} of that name to compare; name one of those that there are."
            raise invalid(parameter, detail, names)
        found[known[value].iri] = known[value]
    return list(found.values())
