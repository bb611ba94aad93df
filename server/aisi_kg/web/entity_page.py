"""Show an entity: what is said of it and by which claims, what it has to do with what, and what follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any

from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg.errors import InputError
from aisi_kg.graph.prefixes import AISI, Prefixes
from aisi_kg.store.cite import part_citation
from aisi_kg.store.entity_record import CLAIMS, EntityRecord, Neighbour, Stated, read_entity_record
from aisi_kg.store.results import GRAPH_FORMATS
from aisi_kg.web.inquiring import conduct
from aisi_kg.web.language import LANGUAGE_PARAMETER
from aisi_kg.web.negotiation import HTML
from aisi_kg.web.pages import invalid
from aisi_kg.web.rendering import page_response
from aisi_kg.web.requests import query_string
from aisi_kg.web.site import site_of

__all__ = ["entity_page"]

_ALL = "all"
_EXPLAIN_PARTS = ("subject", "predicate", "object")
_SCHEMA = "https://schema.org/"
#: Our kinds of thing as schema.org names them; the first that fits is taken.
_TYPES = (
    (_SCHEMA + "GovernmentOrganization", "GovernmentOrganization"),
    ("http://www.w3.org/ns/org#Organization", "Organization"),
    (AISI + "SafetyInstitute", "Organization"),
    ("http://xmlns.com/foaf/0.1/Person", "Person"),
    (AISI + "Country", "Country"),
    (AISI + "Place", "Place"),
    (AISI + "Event", "Event"),
    (AISI + "Document", "CreativeWork"),
)
# The picture of the neighbours, in its own units.
_WIDTH, _ROW, _LABEL = 760, 40, 24


async def entity_page(request: Request, iri: str, path: str, language: str) -> Response:
    """Show an entity.

    :param request: the request.
    :param iri: the entity.
    :param path: the path of its document.
    :param language: the language of the page.
    :returns: the page.
    :raises UnknownResource: if the dataset says nothing about it.
    :raises Problem: if a parameter cannot have its value.
    """
    prefixes = site_of(request).prefixes
    chosen = _chosen(request)
    everything = _property(chosen, prefixes)
    record = await conduct(request, read_entity_record(iri, language, everything))
    lists = {each.property.iri for each in (*record.facts, *record.links, *record.inferred)} | {CLAIMS}
    if everything and everything not in lists:
        raise invalid(_ALL, f"Nothing is said of this with {chosen[:80]!a}; take a link of the page.")
    accessed = datetime.now(UTC).date().isoformat()
    citations = (
        [
            (style, part_citation(record.dataset, record.name.text, iri, accessed, style, language))
            for style in ("gbt7714", "apa")
        ]
        if record.dataset
        else []
    )
    return page_response(
        request,
        "entity.html",
        path=path,
        language=language,
        parameters=[(_ALL, chosen)] if chosen else [],
        formats=(*GRAPH_FORMATS, HTML),
        canonical=iri,
        title=record.name.text,
        iri=iri,
        curie=prefixes.shorten(iri),
        record=record,
        own_path=path,
        shorten=prefixes.shorten,
        everything=everything,
        explain=lambda stated: _explain(stated, prefixes),
        picture=_picture(record.neighbours),
        citations=citations,
        query=_query(iri),
        linked_data=_linked_data(record, iri),
    )


def _chosen(request: Request) -> str:
    """Read which list is to be shown in full."""
    found = ""
    for name, value in query_string(request):
        if name == _ALL:
            found = value
        elif name != LANGUAGE_PARAMETER:
            allowed = (_ALL, LANGUAGE_PARAMETER)
            raise invalid(
                name, f"This page has no parameter {name[:80]!a}; it has {', '.join(allowed)}.", allowed
            )
    return found


def _property(chosen: str, prefixes: Prefixes) -> str:
    """Give the IRI of the property that a name stands for, which is compared and stands in no query."""
    if not chosen or chosen == CLAIMS:
        return chosen
    try:
        return prefixes.expand(chosen)
    except InputError as error:
        raise invalid(_ALL, f"{chosen[:80]!a} is no property: {error}") from error


def _explain(stated: Stated, prefixes: Prefixes) -> Mapping[str, str]:
    """Write the parameters by which an inferred triple is explained."""
    terms = [prefixes.shorten(term) for term in stated.triple or ()]
    return dict(zip(_EXPLAIN_PARTS, terms, strict=True)) if terms else {}


@dataclass(frozen=True)
class _Node:
    """Hold a neighbour's place in the picture."""

    neighbour: Neighbour
    label: str
    x: int
    y: int
    is_left: bool
    width: float


@dataclass(frozen=True)
class _Picture:
    """Hold the picture of the neighbours: two columns, the entity between them."""

    width: int
    height: int
    centre: tuple[int, int]
    nodes: tuple[_Node, ...]


def _picture(neighbours: tuple[Neighbour, ...]) -> _Picture | None:
    if len(neighbours) < 2:
        return None
    half = (len(neighbours) + 1) // 2
    height = half * _ROW + _ROW
    nodes = []
    most = max(each.number for each in neighbours)
    for row, pair in enumerate(zip_longest(neighbours[:half], neighbours[half:])):
        for is_left, each in zip((True, False), pair, strict=True):
            if each is not None:
                x = _WIDTH // 3 if is_left else _WIDTH - _WIDTH // 3
                width = round(1 + 5 * each.number / most, 1)
                nodes.append(_Node(each, _short(each.value.text), x, _ROW + row * _ROW, is_left, width))
    return _Picture(_WIDTH, height + _ROW // 2, (_WIDTH // 2, (height + _ROW // 2) // 2), tuple(nodes))


def _short(text: str) -> str:
    """Cut a name to the room that it has; an ideograph takes that of two letters."""
    room = 2 * _LABEL - 14
    for index, char in enumerate(text):
        room -= 2 if char >= "\u2e80" else 1
        if room < 0:
            return text[:index].rstrip() + "…"
    return text


def _query(iri: str) -> str:
    """Write the query that shows what is said of the entity and by whom."""
    return (
        "SELECT ?graph ?subject ?property ?value WHERE {\n"
        "  GRAPH ?graph { ?subject ?property ?value }\n"
        f"  FILTER(?subject = <{iri}> || ?value = <{iri}>)\n}}\nLIMIT 1000\n"
    )


def _linked_data(record: EntityRecord, iri: str) -> Mapping[str, Any]:
    """Describe the entity in schema.org's terms, which search engines read."""
    kinds = {kind.iri for kind in (*record.kinds, *record.further_kinds)}
    data = {
        "@context": "https://schema.org",
        "@type": next((name for kind, name in _TYPES if kind in kinds), "Thing"),
        "@id": iri,
        "url": iri,
        "name": record.name.text,
        "alternateName": [
            each.text for each in (record.translation, *record.other_names) if each is not None
        ],
        "sameAs": [each.target for each in record.identities if each.is_same and each.target],
    }
    return {name: value for name, value in data.items() if value}
