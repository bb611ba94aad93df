"""Show sources section by section, their footnotes, and the publications that these cite."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg.errors import UnknownResource
from aisi_kg.graph.prefixes import BASE
from aisi_kg.store.claims import Agent, Work
from aisi_kg.store.outline import SourceRecord, read_section, read_source
from aisi_kg.store.publications import (
    Listed,
    list_footnotes,
    list_publications,
    read_footnote,
    read_publication,
)
from aisi_kg.store.results import GRAPH_FORMATS
from aisi_kg.web.inquiring import conduct
from aisi_kg.web.language import LANGUAGE_PARAMETER, page_language
from aisi_kg.web.messages import message
from aisi_kg.web.negotiation import HTML
from aisi_kg.web.pages import invalid
from aisi_kg.web.rendering import page_response
from aisi_kg.web.requests import query_string
from aisi_kg.web.site import site_of

__all__ = ["footnote_page", "publication_page", "router", "section_page", "source_page"]

router = APIRouter()

_GET = ["GET", "HEAD"]
_FORMATS = (*GRAPH_FORMATS, HTML)
_BY = "by"
_ORDERS = ("publisher", "date")


async def source_page(request: Request, iri: str, path: str, language: str) -> Response:
    """Show a source: what it is, how to get it, and its sections.

    :param request: the request.
    :param iri: the source.
    :param path: the path of its document.
    :param language: the language of the page.
    :returns: the page.
    :raises UnknownResource: if it is no source of the dataset.
    """
    source = await conduct(request, read_source(iri, language))
    return page_response(
        request,
        "source.html",
        path=path,
        language=language,
        formats=_FORMATS,
        canonical=iri,
        title=source.work.title(language),
        iri=iri,
        source=source,
        own_path=path,
        has_text=source.sha256 in site_of(request).dataset.texts,
        linked_data=_linked_data(source.work, "Report", language),
    )


async def section_page(request: Request, iri: str, path: str, language: str) -> Response:
    """Show the claims of a section in the order of the text, to be read beside it.

    :param request: the request.
    :param iri: the section: the source's IRI, ``/section/`` and its number.
    :param path: the path of its document.
    :param language: the language of the page.
    :returns: the page.
    :raises UnknownResource: if the source has no such section.
    """
    source_iri, _, number = iri.partition("/section/")
    source = await conduct(request, read_source(source_iri, language))
    place = next((n for n, each in enumerate(source.sections) if each.number == number), None)
    if place is None:
        raise UnknownResource(f"<{source_iri}> has no section {number[:40]!a} with claims.")
    claims = await conduct(request, read_section(source_iri, number, language))
    section = source.sections[place]
    name = message("things.section", language, number=number)
    return page_response(
        request,
        "section.html",
        path=path,
        language=language,
        formats=_FORMATS,
        canonical=iri,
        title=f"{name} · {section.title}" if section.title else name,
        source=source,
        section=section,
        claims=claims,
        own_path="/" + source_iri.removeprefix(BASE),
        previous=source.sections[place - 1] if place else None,
        following=source.sections[place + 1] if place + 1 < len(source.sections) else None,
    )


async def footnote_page(request: Request, iri: str, path: str, language: str) -> Response:
    """Show a footnote: what it cites, and which claims rest on it.

    :param request: the request.
    :param iri: the footnote.
    :param path: the path of its document.
    :param language: the language of the page.
    :returns: the page.
    :raises UnknownResource: if it is no footnote of the dataset.
    """
    footnote = await conduct(request, read_footnote(iri, language))
    source: SourceRecord | None = None
    if footnote.source:
        source = await conduct(request, read_source(footnote.source, language))
    return page_response(
        request,
        "footnote.html",
        path=path,
        language=language,
        formats=_FORMATS,
        canonical=iri,
        title=message("things.footnote", language, number=footnote.number),
        footnote=footnote,
        source=source,
    )


async def publication_page(request: Request, iri: str, path: str, language: str) -> Response:
    """Show a publication: what it is, which footnotes cite it, and which claims rest on them.

    :param request: the request.
    :param iri: the publication.
    :param path: the path of its document.
    :param language: the language of the page.
    :returns: the page.
    :raises UnknownResource: if no footnote of the dataset cites it.
    """
    record = await conduct(request, read_publication(iri, language))
    return page_response(
        request,
        "publication.html",
        path=path,
        language=language,
        formats=_FORMATS,
        canonical=iri,
        title=record.work.title(language),
        iri=iri,
        record=record,
        linked_data=_linked_data(record.work, "CreativeWork", language),
    )


def _linked_data(work: Work, kind: str, language: str) -> Mapping[str, Any]:
    """Describe a work in schema.org's terms, which search engines read."""

    def agents(found: tuple[Agent, ...]) -> list[dict[str, str]]:
        return [
            {"@type": "Person" if agent.is_person else "Organization", "@id": agent.iri}
            | {"name": agent.name.in_language(language)}
            for agent in found
        ]

    data = {
        "@context": "https://schema.org",
        "@type": kind,
        "@id": work.iri,
        "name": work.title(language),
        "datePublished": work.issued,
        "author": agents(work.creators),
        "publisher": agents(work.publishers),
        "url": work.url,
    }
    return {name: value for name, value in data.items() if value}


def _parameters(request: Request, *names: str) -> dict[str, str]:
    """Read the parameters of the URL; there are no others than these and the language."""
    allowed = (*names, LANGUAGE_PARAMETER)
    found: dict[str, str] = {}
    for name, value in query_string(request):
        if name not in allowed:
            detail = f"This page has no parameter {name[:80]!a}; it has {', '.join(allowed)}."
            raise invalid(name, detail, allowed)
        found[name] = value
    return found


@router.api_route("/footnotes", methods=_GET)
async def footnotes(request: Request) -> Response:
    """List the footnotes of all sources."""
    _parameters(request)
    language = page_language(request, query_string(request))
    listed = await conduct(request, list_footnotes(language))
    return page_response(
        request,
        "footnotes.html",
        path="/footnotes",
        language=language,
        title=message("things.all_footnotes", language, number=len(listed)),
        footnotes=listed,
    )


@router.api_route("/publications", methods=_GET)
async def publications(request: Request) -> Response:
    """List the publications that footnotes cite, by publisher or by date."""
    by = _parameters(request, _BY).get(_BY) or _ORDERS[0]
    if by not in _ORDERS:
        raise invalid(_BY, f"The parameter {_BY} is {' or '.join(_ORDERS)}; name one of them.", _ORDERS)
    language = page_language(request, query_string(request))
    listed = await conduct(request, list_publications(language))
    groups = _by_publisher(listed, language) if by == _ORDERS[0] else _by_date(listed)
    return page_response(
        request,
        "publications.html",
        path="/publications",
        language=language,
        parameters=[(_BY, by)],
        title=message("things.all_publications", language, number=len(listed)),
        by=by,
        orders=_ORDERS,
        groups=groups,
    )


#: A heading, the page that it leads to if there is one, and what stands below it.
_Group = tuple[str, str, list[Listed]]


def _by_publisher(listed: tuple[Listed, ...], language: str) -> list[_Group]:
    groups: dict[tuple[str, str], list[Listed]] = defaultdict(list)
    for each in listed:
        for agent in each.work.publishers or each.work.creators:
            groups[agent.name.in_language(language), agent.iri].append(each)
        if not each.work.publishers and not each.work.creators:
            groups["", ""].append(each)
    ordered = sorted(groups.items(), key=lambda each: (not each[0][0], -len(each[1]), each[0][0].casefold()))
    return [(name, iri, group) for (name, iri), group in ordered]


def _by_date(listed: tuple[Listed, ...]) -> list[_Group]:
    groups: dict[str, list[Listed]] = defaultdict(list)
    for each in sorted(listed, key=lambda each: each.work.issued, reverse=True):
        groups[each.work.issued[:4]].append(each)
    return [(year, "", group) for year, group in groups.items()]
