"""Answer at ``/reconcile``: in the language of the client, or at ``/reconcile/en`` and ``/reconcile/zh``.

The language is a part of the path of all other addresses, since clients append to some of them without
looking for a question mark.
"""

import asyncio
import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from aisi_kg.errors import InputError
from aisi_kg.graph.prefixes import ENTITY_BASE
from aisi_kg.store.inquiry import RdfTerm
from aisi_kg.store.library.records import LANGUAGES
from aisi_kg.store.reconcile import (
    Candidate,
    Catalogue,
    Property,
    Query,
    Show,
    Type,
    candidates,
    claims_of,
    in_language,
    rank,
    shown,
    values_of,
)
from aisi_kg.store.results import Format
from aisi_kg.store.search import Document, Index, Kind, search
from aisi_kg.web.inquiring import conduct
from aisi_kg.web.language import page_language
from aisi_kg.web.pages import Parameters, invalid, tagged
from aisi_kg.web.problems import Problem
from aisi_kg.web.reconcile.manifest import PATH, manifest, type_object
from aisi_kg.web.reconcile.preview import flyout_html, preview_response
from aisi_kg.web.reconcile.reading import Extension, read_batch, read_extension
from aisi_kg.web.requests import content_type, parse_form, query_string, read_body
from aisi_kg.web.site import DatasetInfo, base_url, site_of

__all__ = ["router"]

router = APIRouter()

_GET = ["GET", "HEAD"]
_JSON = Format("json", "application/json", "json", "")
_QUERIES, _EXTEND = "queries", "extend"
_SUGGESTED, _MOST_SUGGESTED = 10, 10_000
_PROPOSED, _MOST_PROPOSED = 100, 1000
_PREVIEWED = 6
#: Shown at the head of a preview, or of no use to a reader.
_NOT_PREVIEWED = frozenset(["skos:prefLabel", "skos:altLabel", "schema:alternateName", "rdf:type"])
#: Batches that a process works on at the same time; the event loop answers others meanwhile.
_AT_ONCE = 2


@router.api_route(PATH, methods=[*_GET, "POST"])
async def service(request: Request) -> Response:
    """Answer in the language that the client asks for."""
    return await _answer(request, page_language(request, query_string(request)))


@router.api_route(PATH + "/{language}", methods=[*_GET, "POST"])
async def service_in(request: Request, language: str) -> Response:
    """Answer in a language."""
    return await _answer(request, _known(language))


def _known(language: str) -> str:
    if language not in LANGUAGES:
        detail = f"There are {' and '.join(f'{PATH}/{each}' for each in LANGUAGES)}."
        near = tuple(f"{PATH}/{each}" for each in LANGUAGES)
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", detail, near=near)
    return language


async def _answer(request: Request, language: str) -> Response:
    dataset = site_of(request).dataset
    parameters = await _parameters(request)
    queries, extend = (_one(parameters, name) for name in (_QUERIES, _EXTEND))
    if queries is not None and extend is not None:
        raise invalid(_EXTEND, f"A request has {_QUERIES} or {_EXTEND}; send one of them.")
    if queries is not None:
        return _sent(request, await _reconciled(request, read_batch(queries, dataset.catalogue), language))
    if extend is not None:
        wanted = read_extension(extend, dataset.catalogue, language)
        return _sent(request, await _extended(request, wanted, language))
    if request.method == "POST":
        raise invalid(_QUERIES, f"A POST has a parameter {_QUERIES} or {_EXTEND} in its form.")
    return _sent(request, manifest(dataset.catalogue, language, base_url(request)))


async def _parameters(request: Request) -> Parameters:
    """Read the parameters; other ones than the API's are left to those who send them."""
    found = list(query_string(request))
    if request.method == "POST":
        media_type, charset = content_type(request.headers)
        if media_type != "application/x-www-form-urlencoded":
            detail = "Send queries as a form (application/x-www-form-urlencoded)."
            raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-media-type", detail)
        if charset not in ("", "utf-8", "utf8"):
            detail = f"The form is in {charset[:40]!a}; send it in UTF-8."
            raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-charset", detail)
        found += parse_form(await read_body(request, site_of(request).settings.max_body_bytes), "form")
    _no_callback(found)
    return found


def _no_callback(parameters: Parameters) -> None:
    # What is answered as a script runs in the page of whoever includes it. The API asks for CORS, which every
    # browser has, and leaves JSONP to the service.
    if any(name == "callback" for name, _ in parameters):
        detail = "JSONP is not offered; ask for JSON, which scripts of every origin may read (CORS)."
        raise invalid("callback", detail)


def _one(parameters: Parameters, name: str) -> str | None:
    values = [value for each, value in parameters if each == name]
    if len(values) > 1:
        raise invalid(name, f"The parameter {name} is given twice; give it once.")
    return values[0] if values else None


def _sent(request: Request, content: Any) -> Response:
    body = json.dumps(content, ensure_ascii=False, allow_nan=False).encode() + b"\n"
    if request.method == "POST":
        return Response(body, headers={"Cache-Control": "no-store"}, media_type=_JSON.content_type)
    return tagged(request, _JSON, body, request.url.path, ())


async def _reconciled(request: Request, batch: dict[str, Query], language: str) -> dict[str, Any]:
    dataset = site_of(request).dataset
    index = dataset.search
    async with _turns(request):
        pools: dict[str, list[Candidate]] = {}
        for key, query in batch.items():
            if query.text.strip():
                pools[key] = await run_in_threadpool(_named, index, query)
            else:
                pools[key] = await conduct(request, candidates(index, query))
        by_property: dict[str, tuple[Property, set[str]]] = {}
        for key, query in batch.items():
            for property_, _ in query.values:
                entities = by_property.setdefault(property_.id, (property_, set()))[1]
                entities.update(each.document.iri for each in pools[key])
        values: dict[tuple[str, str], Sequence[RdfTerm]] = {}
        for property_, entities in by_property.values():
            values.update(await conduct(request, values_of(entities, [property_.path])))
        found = {}
        for key, query in batch.items():
            ranked = await run_in_threadpool(rank, index, query, pools[key], values)
            found[key] = {"result": [_candidate(each, dataset.catalogue, language) for each in ranked]}
    return found


def _named(index: Index, query: Query) -> list[Candidate]:
    """Take the candidates of an inquiry that asks nothing, as that of a query with a name does not."""
    try:
        next(candidates(index, query))
    except StopIteration as stop:
        found: list[Candidate] = stop.value
        return found
    raise RuntimeError("A query with a name asked the store.")


def _turns(request: Request) -> asyncio.Semaphore:
    state = request.app.state
    if not hasattr(state, "reconcile_turns"):
        state.reconcile_turns = asyncio.Semaphore(_AT_ONCE)
    turns: asyncio.Semaphore = state.reconcile_turns
    return turns


def _candidate(found: Candidate, catalogue: Catalogue, language: str) -> dict[str, Any]:
    features: list[dict[str, Any]] = [{"id": "mentions", "value": found.document.mentions}]
    if found.name is not None:
        features.append({"id": "name_similarity", "value": round(found.name, 4)})
        features.append({"id": "other_name", "value": found.is_other_name})
    if found.has_type is not None:
        features.append({"id": "type_match", "value": found.has_type})
    features += [{"id": f"property:{name}", "value": round(fit, 4)} for name, fit in found.values.items()]
    return {
        "id": found.document.iri.removeprefix(ENTITY_BASE),
        "name": found.document.label(language),
        "description": found.document.note.in_language(language),
        "type": _types(found.document, catalogue, language),
        "score": found.score,
        "match": found.is_match,
        "features": features,
    }


def _types(document: Document, catalogue: Catalogue, language: str) -> list[dict[str, Any]]:
    found = [catalogue.types[iri] for iri in document.classes if iri in catalogue.types]
    # The class that it was declared with comes first, and the wider ones last.
    ordered = [*found[:1], *sorted(found[1:], key=lambda each: (each.count, each.id))]
    return [type_object(each, catalogue, language, is_whole=False) for each in ordered]


async def _extended(request: Request, asked: Extension, language: str) -> dict[str, Any]:
    dataset = site_of(request).dataset
    index, catalogue = dataset.search, dataset.catalogue
    entities = {name: entity.iri for name in asked.ids if (entity := _entity(index, name)) is not None}
    meta: list[dict[str, Any]] = []
    rows: dict[str, dict[str, Any]] = {name: {} for name in asked.ids}
    for wanted in asked.wanted:
        is_claims = wanted.show is Show.CLAIMS
        inquiry = (claims_of if is_claims else values_of)(set(entities.values()), [wanted.property.path])
        values = await conduct(request, inquiry)
        for name in asked.ids:
            terms = in_language(values.get((entities.get(name, ""), wanted.property.id), ()), wanted.language)
            terms = terms[: wanted.limit or None]
            rows[name][wanted.id] = (
                [{"str": term.value} for term in terms]
                if is_claims
                else [shown(term, index, catalogue, wanted.language or language) for term in terms]
            )
        described: dict[str, Any] = {"id": wanted.id, "name": wanted.property.name.in_language(language)}
        type_ = catalogue.types.get(wanted.property.range)
        if type_ is not None and any("id" in each for name in rows for each in rows[name][wanted.id]):
            described["type"] = type_object(type_, catalogue, language, is_whole=False)
        meta.append(described)
    return {"meta": meta, "rows": rows}


def _entity(index: Index, name: str) -> Document | None:
    iri = name if name.startswith(ENTITY_BASE) else ENTITY_BASE + name
    found = index.find(iri)
    return found if found is not None and found.kind is Kind.ENTITY else None


@router.api_route(PATH + "/{language}/suggest/{what}", methods=_GET)
async def suggest(request: Request, language: str, what: str) -> Response:
    """Complete what is typed: an entity, a property or a type."""
    dataset = site_of(request).dataset
    parameters = _checked(request, language, what)
    prefix = _one(parameters, "prefix") or ""
    cursor = _number(parameters, "cursor", 0, _MOST_SUGGESTED)
    type_ = _type(parameters, dataset.catalogue)
    makers = {"entity": _entities, "property": _properties, "type": _known_types}
    # One more than is sent, so that it is known whether there are more.
    found = makers[what](dataset, prefix, type_, language, cursor + _SUGGESTED + 1)[cursor:]
    content: dict[str, Any] = {"result": found[:_SUGGESTED]}
    if len(found) > _SUGGESTED:
        # No part of the API's answer; OpenRefine asks for more only where it finds it.
        content["cursor"] = cursor + _SUGGESTED
    return _sent(request, content)


def _checked(request: Request, language: str, what: str = "") -> Parameters:
    _known(language)
    if what not in ("", "entity", "property", "type"):
        detail = "There are suggestions of entity, property and type."
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", detail)
    parameters = query_string(request)
    _no_callback(parameters)
    return parameters


def _number(parameters: Parameters, name: str, default: int, most: int) -> int:
    text = _one(parameters, name) or ""
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text) <= most):
        raise invalid(name, f"The parameter {name} is a whole number from 0 to {most}.")
    return int(text)


def _type(parameters: Parameters, catalogue: Catalogue) -> Type | None:
    name = _one(parameters, "type") or ""
    if not name:
        return None
    type_ = catalogue.type_named(name)
    if type_ is None:
        raise invalid(
            "type", f"No entity has a type {name[:80]!a}; leave it out, or take one of the suggested."
        )
    return type_


def _entities(
    dataset: DatasetInfo, prefix: str, type_: Type | None, language: str, most: int
) -> list[dict[str, Any]]:
    name = prefix.strip().removeprefix(ENTITY_BASE).removeprefix("entity:")
    classes = [type_.iri] if type_ else []
    if name:
        groups = search(dataset.search, name, language, [Kind.ENTITY], most, classes).groups
        documents = [hit.document for group in groups for hit in group.hits]
    else:
        every = [each for each in dataset.search.documents if each.kind is Kind.ENTITY]
        kept = [each for each in every if not type_ or type_.iri in each.classes]
        documents = sorted(kept, key=lambda each: (-each.mentions, each.iri))[:most]
    return [
        {
            "id": document.iri.removeprefix(ENTITY_BASE),
            "name": document.label(language),
            "description": document.note.in_language(language),
            "notable": _types(document, dataset.catalogue, language)[:1],
        }
        for document in documents
    ]


def _properties(
    dataset: DatasetInfo, prefix: str, type_: Type | None, language: str, most: int
) -> list[dict[str, Any]]:
    catalogue = dataset.catalogue
    if prefix.strip():
        groups = search(catalogue.property_index, prefix, language, (), most).groups
        found = [catalogue.properties[hit.document.iri] for group in groups for hit in group.hits]
        if type_ is not None:
            # Those that such entities have come first; a user may mean another one all the same.
            found.sort(key=lambda each: not each.counts.get(type_.iri))
        try:
            made = catalogue.property_named(prefix.strip())
        except InputError:
            pass
        else:
            found = [made, *(each for each in found if each.id != made.id)]
    else:
        found = catalogue.proposed(type_)[:most]
    return [_property_object(each, language) for each in found]


def _property_object(found: Property, language: str) -> dict[str, Any]:
    description = found.description.in_language(language)
    return {
        "id": found.id,
        "name": found.name.in_language(language),
        **({"description": description} if description else {}),
    }


def _known_types(
    dataset: DatasetInfo, prefix: str, _type: Type | None, language: str, most: int
) -> list[dict[str, Any]]:
    catalogue = dataset.catalogue
    if prefix.strip():
        groups = search(catalogue.type_index, prefix, language, (), most).groups
        found = [catalogue.types[hit.document.iri] for group in groups for hit in group.hits]
    else:
        found = sorted(catalogue.types.values(), key=lambda each: (-each.count, each.id))[:most]
    return [type_object(each, catalogue, language) for each in found]


@router.api_route(PATH + "/{language}/flyout/{what}", methods=_GET)
async def flyout(request: Request, language: str, what: str) -> Response:
    """Show what is suggested in two lines."""
    dataset = site_of(request).dataset
    parameters = _checked(request, language, what)
    identifier = _one(parameters, "id") or ""
    name, description = _described(dataset, what, identifier, language)
    return _sent(request, {"id": identifier, "html": flyout_html(name, identifier, description)})


def _described(dataset: DatasetInfo, what: str, identifier: str, language: str) -> tuple[str, str]:
    catalogue = dataset.catalogue
    if what == "entity":
        document = _entity(dataset.search, identifier)
        if document is not None:
            return document.label(language), document.note.in_language(language)
    elif what == "type":
        type_ = catalogue.type_named(identifier)
        if type_ is not None:
            return type_.name.in_language(language), type_.description.in_language(language)
    else:
        try:
            property_ = catalogue.property_named(identifier)
        except InputError:
            property_ = None
        if property_ is not None:
            return property_.name.in_language(language), property_.description.in_language(language)
    raise _unknown(what, identifier)


def _unknown(what: str, identifier: str) -> Problem:
    return Problem(HTTPStatus.NOT_FOUND, "not-found", f"There is no {what} {identifier[:80]!a} here.")


@router.api_route(PATH + "/{language}/preview", methods=_GET)
async def preview(request: Request, language: str) -> Response:
    """Show an entity in a frame."""
    dataset = site_of(request).dataset
    identifier = _one(_checked(request, language), "id") or ""
    document = _entity(dataset.search, identifier)
    if document is None:
        raise _unknown("entity", identifier)
    proposed = _proposals(dataset.catalogue, document)
    values = await conduct(request, values_of([document.iri], [each.path for each in proposed]))
    return preview_response(document, proposed, values, dataset, language)


def _proposals(catalogue: Catalogue, document: Document) -> Sequence[Property]:
    type_ = next((catalogue.types[iri] for iri in document.classes if iri in catalogue.types), None)
    return [each for each in catalogue.proposed(type_) if each.id not in _NOT_PREVIEWED][:_PREVIEWED]


@router.api_route(PATH + "/{language}/properties", methods=_GET)
async def propose_properties(request: Request, language: str) -> Response:
    """List the properties that entities of a type have."""
    catalogue = site_of(request).dataset.catalogue
    parameters = _checked(request, language)
    limit = _number(parameters, "limit", _PROPOSED, _MOST_PROPOSED)
    type_ = _type(parameters, catalogue)
    content: dict[str, Any] = {
        "properties": [_property_object(each, language) for each in catalogue.proposed(type_)[:limit]],
    }
    if type_ is not None:
        content["type"] = _one(parameters, "type")
    if _one(parameters, "limit"):
        content["limit"] = limit
    return _sent(request, content)
