"""Complete what is typed, propose properties, and show what is suggested: flyouts and previews."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg.errors import InputError
from aisi_kg.graph.prefixes import ENTITY_BASE
from aisi_kg.store.reconcile import Catalogue, Property, Type, values_of
from aisi_kg.store.search import Document, Kind, search
from aisi_kg.web.inquiring import conduct
from aisi_kg.web.pages import Parameters, invalid
from aisi_kg.web.problems import Problem
from aisi_kg.web.reconcile.exchange import entity_named, known_language, one_value, parameters_of, sent
from aisi_kg.web.reconcile.manifest import PATH, type_object, types_of
from aisi_kg.web.reconcile.preview import flyout_html, preview_response
from aisi_kg.web.site import DatasetInfo, site_of

__all__ = ["router"]

router = APIRouter()

_GET = ["GET", "HEAD"]
_SUGGESTED, _MOST_SUGGESTED = 10, 10_000
_PROPOSED, _MOST_PROPOSED = 100, 1000
_PREVIEWED = 6
#: Shown at the head of a preview, or of no use to a reader.
_NOT_PREVIEWED = frozenset(["skos:prefLabel", "skos:altLabel", "schema:alternateName", "rdf:type"])


@router.api_route(PATH + "/{language}/suggest/{what}", methods=_GET)
async def suggest(request: Request, language: str, what: str) -> Response:
    """Complete what is typed: an entity, a property or a type."""
    dataset = site_of(request).dataset
    parameters = _checked(request, language, what)
    prefix = one_value(parameters, "prefix") or ""
    cursor = _number(parameters, "cursor", 0, _MOST_SUGGESTED)
    type_ = _type(parameters, dataset.catalogue)
    makers = {"entity": _entities, "property": _properties, "type": _known_types}
    # One more than is sent, so that it is known whether there are more.
    found = makers[what](dataset, prefix, type_, language, cursor + _SUGGESTED + 1)[cursor:]
    content: dict[str, Any] = {"result": found[:_SUGGESTED]}
    if len(found) > _SUGGESTED:
        # No part of the API's answer; OpenRefine asks for more only where it finds it.
        content["cursor"] = cursor + _SUGGESTED
    return sent(request, content)


def _checked(request: Request, language: str, what: str = "") -> Parameters:
    known_language(language)
    if what not in ("", "entity", "property", "type"):
        detail = "There are suggestions of entity, property and type."
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", detail)
    return parameters_of(request)


def _number(parameters: Parameters, name: str, default: int, most: int) -> int:
    text = one_value(parameters, name) or ""
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and int(text) <= most):
        raise invalid(name, f"The parameter {name} is a whole number from 0 to {most}.")
    return int(text)


def _type(parameters: Parameters, catalogue: Catalogue) -> Type | None:
    name = one_value(parameters, "type") or ""
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
            "notable": types_of(document, dataset.catalogue, language)[:1],
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
    identifier = one_value(parameters, "id") or ""
    name, description = _described(dataset, what, identifier, language)
    return sent(request, {"id": identifier, "html": flyout_html(name, identifier, description)})


def _described(dataset: DatasetInfo, what: str, identifier: str, language: str) -> tuple[str, str]:
    catalogue = dataset.catalogue
    if what == "entity":
        document = entity_named(dataset.search, identifier)
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
    identifier = one_value(_checked(request, language), "id") or ""
    document = entity_named(dataset.search, identifier)
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
        content["type"] = one_value(parameters, "type")
    if one_value(parameters, "limit"):
        content["limit"] = limit
    return sent(request, content)
