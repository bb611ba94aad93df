"""Show a claim: what it says, how and where its source says it, what it rests on, and how to cite it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg.graph.prefixes import BASE
from aisi_kg.store.cite import STYLES, write_citation
from aisi_kg.store.claim_record import ClaimRecord, read_claim_record
from aisi_kg.store.claims import Claim
from aisi_kg.store.results import GRAPH_FORMATS
from aisi_kg.store.source_texts import Segment
from aisi_kg.web.inquiring import conduct
from aisi_kg.web.negotiation import HTML
from aisi_kg.web.rendering import page_response
from aisi_kg.web.settings import Settings
from aisi_kg.web.site import Site, site_of

__all__ = ["claim_page"]


@dataclass(frozen=True)
class _Passage:
    """Hold a passage, with its sentence where the operator has the text."""

    iri: str
    section: str
    page: int
    anchor: str
    context: tuple[Segment, ...]


async def claim_page(request: Request, iri: str, path: str, language: str) -> Response:
    """Show a claim.

    :param request: the request.
    :param iri: the claim.
    :param path: the path of its document.
    :param language: the language of the page.
    :returns: the page.
    :raises UnknownResource: if the dataset has no such claim, or not all that a citation names.
    """
    site = site_of(request)
    accessed = datetime.now(UTC).date().isoformat()
    record = await conduct(request, read_claim_record(iri, language, accessed))
    claim = record.cited.claim
    curie = site.prefixes.shorten(iri)
    return page_response(
        request,
        "claim.html",
        path=path,
        language=language,
        formats=(*GRAPH_FORMATS, HTML),
        canonical=iri,
        title=claim.statement.in_language(language),
        iri=iri,
        curie=curie,
        claim=claim,
        record=record,
        source_path=_path_of(claim.source.iri),
        editors=record.cited.dataset.editors.in_language(language),
        passages=_passages(site, record),
        has_text=record.sha256 in site.dataset.texts,
        citations=[(style, write_citation(record.cited, style, language)) for style in STYLES],
        report_to=_report_to(site.settings, curie, site.dataset.version),
        query=_query(iri),
        linked_data=_linked_data(record, language),
    )


def _path_of(iri: str) -> str:
    return "/" + iri.removeprefix(BASE)


def _passages(site: Site, record: ClaimRecord) -> list[_Passage]:
    return [
        _Passage(
            passage.iri,
            passage.section,
            passage.page,
            passage.anchor,
            site.dataset.texts.context(record.sha256, passage.start, passage.end),
        )
        for passage in record.cited.claim.passages
    ]


def _report_to(settings: Settings, curie: str, version: str) -> str:
    """Write the address at which an error in a claim is reported; empty where the operator gives none."""
    to = settings.report_errors_to
    if not to:
        return ""
    claim, dataset = quote(curie, safe=""), quote(version, safe="")
    if "@" in to and "/" not in to:
        return f"mailto:{to}?subject={claim}&body={dataset}"
    return to.replace("{claim}", claim).replace("{version}", dataset)


def _query(iri: str) -> str:
    """Write the query that shows what the claim says."""
    return f"SELECT ?subject ?property ?value WHERE {{\n  GRAPH <{iri}> {{ ?subject ?property ?value }}\n}}\n"


def _linked_data(record: ClaimRecord, language: str) -> Mapping[str, Any]:
    """Describe the claim in schema.org's terms, which search engines read."""
    claim = record.cited.claim
    source: dict[str, Any] = {
        "@type": "Report",
        "@id": claim.source.iri,
        "name": claim.source.title(language),
    }
    if claim.source.issued:
        source["datePublished"] = claim.source.issued
    authors = _authors(claim, language)
    if authors:
        source["publisher"] = authors
    works = {work.iri: work for footnote in claim.footnotes for work in footnote.works}
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Claim",
        "@id": claim.iri,
        "url": claim.iri,
        "text": claim.statement.in_language(language),
        "inLanguage": language,
        "appearance": source,
        "isPartOf": {
            "@type": "Dataset",
            "name": record.cited.dataset.title.in_language(language),
            "version": record.cited.dataset.version,
            "license": "https://creativecommons.org/licenses/by/4.0/",
        },
        "citation": [
            {"@type": "CreativeWork", "@id": work.iri, "name": work.title(language)}
            | ({"url": work.url} if work.url else {})
            for work in works.values()
        ],
        "author": authors,
    }
    return {name: value for name, value in data.items() if value}


def _authors(claim: Claim, language: str) -> list[dict[str, str]]:
    return [
        {"@type": "Person" if agent.is_person else "Organization", "@id": agent.iri}
        | {"name": agent.name.in_language(language)}
        for agent in claim.source.creators or claim.source.publishers
    ]
