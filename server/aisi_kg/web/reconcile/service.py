"""Answer at ``/reconcile``: in the language of the client, or at ``/reconcile/en`` and ``/reconcile/zh``.

The language is a part of the path of all other addresses, since clients append to some of them without
looking for a question mark.
"""

import asyncio
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from aisi_kg.graph.prefixes import ENTITY_BASE
from aisi_kg.store.inquiry import RdfTerm
from aisi_kg.store.reconcile import (
    Candidate,
    Catalogue,
    Property,
    Query,
    Show,
    candidates,
    claims_of,
    in_language,
    rank,
    shown,
    values_of,
)
from aisi_kg.web.inquiring import conduct
from aisi_kg.web.language import page_language
from aisi_kg.web.pages import Parameters, invalid
from aisi_kg.web.problems import Problem
from aisi_kg.web.reconcile import suggestions
from aisi_kg.web.reconcile.exchange import entity_named, known_language, one_value, refuse_callback, sent
from aisi_kg.web.reconcile.manifest import PATH, manifest, type_object, types_of
from aisi_kg.web.reconcile.reading import Extension, read_batch, read_extension
from aisi_kg.web.requests import content_type, parse_form, query_string, read_body
from aisi_kg.web.site import base_url, site_of

__all__ = ["router"]

router = APIRouter()

_QUERIES, _EXTEND = "queries", "extend"
_METHODS = ["GET", "HEAD", "POST"]
#: Batches that a process works on at the same time; the event loop answers others meanwhile.
_AT_ONCE = 2


@router.api_route(PATH, methods=_METHODS)
async def service(request: Request) -> Response:
    """Answer in the language that the client asks for."""
    return await _answer(request, page_language(request, query_string(request)))


@router.api_route(PATH + "/{language}", methods=_METHODS)
async def service_in(request: Request, language: str) -> Response:
    """Answer in a language."""
    return await _answer(request, known_language(language))


async def _answer(request: Request, language: str) -> Response:
    dataset = site_of(request).dataset
    parameters = await _parameters(request)
    # An empty value counts as none, as everywhere: forms send fields that nobody has filled in, too.
    queries, extend = (one_value(parameters, name) or None for name in (_QUERIES, _EXTEND))
    if queries is not None and extend is not None:
        raise invalid(_EXTEND, f"A request has {_QUERIES} or {_EXTEND}; send one of them.")
    if queries is not None:
        return sent(request, await _reconciled(request, read_batch(queries, dataset.catalogue), language))
    if extend is not None:
        wanted = read_extension(extend, dataset.catalogue, language)
        return sent(request, await _extended(request, wanted, language))
    if request.method == "POST":
        raise invalid(_QUERIES, f"A POST has a parameter {_QUERIES} or {_EXTEND} in its form.")
    return sent(request, manifest(dataset.catalogue, language, base_url(request)))


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
    refuse_callback(found)
    return found


async def _reconciled(request: Request, batch: dict[str, Query], language: str) -> dict[str, Any]:
    dataset = site_of(request).dataset
    index = dataset.search
    async with _turns(request):
        pools: dict[str, list[Candidate]] = {}
        for key, query in batch.items():
            pools[key] = await conduct(request, candidates(index, query), in_thread=True)
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
        "type": types_of(found.document, catalogue, language),
        "score": found.score,
        "match": found.is_match,
        "features": features,
    }


async def _extended(request: Request, asked: Extension, language: str) -> dict[str, Any]:
    dataset = site_of(request).dataset
    index, catalogue = dataset.search, dataset.catalogue
    entities = {name: entity.iri for name in asked.ids if (entity := entity_named(index, name)) is not None}
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


router.include_router(suggestions.router)
