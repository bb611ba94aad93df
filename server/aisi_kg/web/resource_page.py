"""Show what has no page of its own kind, such as passages and graphs; the dataset; and what is not there."""

import re
from http import HTTPStatus

from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg.graph.prefixes import BASE
from aisi_kg.store.dataset_record import read_dataset
from aisi_kg.store.missing import Retirement, near_to
from aisi_kg.store.resource_record import PAGE_LENGTH, read_resource
from aisi_kg.store.results import GRAPH_FORMATS
from aisi_kg.web.inquiring import conduct
from aisi_kg.web.language import LANGUAGE_PARAMETER
from aisi_kg.web.messages import message
from aisi_kg.web.negotiation import HTML
from aisi_kg.web.pages import invalid
from aisi_kg.web.rendering import page_response
from aisi_kg.web.requests import query_string
from aisi_kg.web.site import site_of

__all__ = ["dataset_page", "missing_page", "resource_page", "retired_page"]

_PAGE = "page"
_NUMBER = re.compile(r"[1-9][0-9]{0,5}")
_FORMATS = (*GRAPH_FORMATS, HTML)


async def resource_page(request: Request, iri: str, path: str, language: str) -> Response:
    """Show what the dataset says of a resource; of a graph, what it holds, page by page.

    :param request: the request.
    :param iri: the resource.
    :param path: the path of its document.
    :param language: the language of the page.
    :returns: the page.
    :raises UnknownResource: if the dataset says nothing about it.
    :raises Problem: if a parameter cannot have its value.
    """
    page = _page(request)
    record = await conduct(request, read_resource(iri, language, page))
    pages = -(-record.number // PAGE_LENGTH)
    if page > max(1, pages):
        raise invalid(_PAGE, f"There are {max(1, pages)} pages; the parameter {_PAGE} is one of them.")
    return page_response(
        request,
        "resource.html",
        path=path,
        language=language,
        parameters=[(_PAGE, str(page))] if page > 1 else [],
        formats=_FORMATS,
        canonical=iri,
        title=record.name.text,
        iri=iri,
        curie=site_of(request).prefixes.shorten(iri),
        own_path=path,
        record=record,
        page=page,
        pages=pages,
    )


def _page(request: Request) -> int:
    """Read which page is asked for."""
    found = "1"
    for name, value in query_string(request):
        if name == _PAGE:
            found = value
        elif name != LANGUAGE_PARAMETER:
            allowed = (_PAGE, LANGUAGE_PARAMETER)
            raise invalid(
                name, f"This page has no parameter {name[:80]!a}; it has {', '.join(allowed)}.", allowed
            )
    if not _NUMBER.fullmatch(found):
        raise invalid(_PAGE, f"The parameter {_PAGE} is a whole number from 1.")
    return int(found)


async def dataset_page(request: Request, iri: str, path: str, language: str) -> Response:
    """Show the dataset's description of itself.

    :param request: the request.
    :param iri: the graph that holds it.
    :param path: the path of its document.
    :param language: the language of the page.
    :returns: the page.
    :raises UnknownResource: if it does not describe itself.
    """
    dataset = site_of(request).dataset
    record = await conduct(request, read_dataset(language))
    return page_response(
        request,
        "dataset.html",
        path=path,
        language=language,
        formats=_FORMATS,
        canonical=iri,
        title=record.title,
        record=record,
        own=iri + "#",
        dumps=list(dataset.dumps.items()),
    )


async def missing_page(request: Request, iri: str, language: str) -> Response:
    """Say that there is nothing at an address, and what is near to it.

    :param request: the request.
    :param iri: the IRI of that path.
    :param language: the language of the page.
    :returns: the page, with the status 404.
    """
    near = await conduct(request, near_to(iri, language))
    response = page_response(
        request,
        "missing.html",
        # What was asked for is not repeated; the other language is found at the home page.
        path="/",
        language=language,
        status=HTTPStatus.NOT_FOUND,
        title=message("things.missing", language),
        near=near,
        kind=iri.removeprefix(BASE).partition("/")[0],
    )
    # The next dataset may have it.
    response.headers["Cache-Control"] = "no-cache"
    return response


async def retired_page(request: Request, retirement: Retirement, language: str) -> Response:
    """Say why what was at an address went.

    :param request: the request.
    :param retirement: what became of it.
    :param language: the language of the page.
    :returns: the page, with the status 410.
    """
    return page_response(
        request,
        "retired.html",
        path="/",
        language=language,
        status=HTTPStatus.GONE,
        title=message("problem.status_410", language),
        retirement=retirement,
    )
