"""Answer the stored queries: ``/queries`` lists and searches them, ``/queries/<id>`` asks one.

What stands in the URL is turned into RDF terms by the library and handed to the engine as terms; no value
becomes a part of a query's text.
"""

import difflib
import json
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg.errors import ParameterRefused
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.library.records import Form, StoredQuery, Term
from aisi_kg.store.library.values import allowed_values, bind, text_of
from aisi_kg.store.results import GRAPH_FORMATS, Format
from aisi_kg.web.headers import local_path
from aisi_kg.web.language import LANGUAGE_PARAMETER, page_language
from aisi_kg.web.negotiation import HTML
from aisi_kg.web.pages import MARKDOWN, invalid, kept
from aisi_kg.web.problems import Problem
from aisi_kg.web.query_answers import PATH, TEXT, collected, extension_of, formats_of, query_response
from aisi_kg.web.query_pages import list_page, query_markdown, query_page
from aisi_kg.web.requests import accepted, query_string
from aisi_kg.web.site import client_of, site_of

__all__ = ["router"]

router = APIRouter()

_GET = ["GET", "HEAD"]
_LIST_JSON = Format("json", "application/json", "json", "")
_LIST_FORMATS = (_LIST_JSON, HTML)


@router.api_route(PATH, methods=_GET)
async def listed(request: Request) -> Response:
    """List the queries, all of them or those that are searched for."""
    format_ = accepted(request, _LIST_FORMATS)
    response = await _list(request, format_)
    response.headers["Content-Location"] = local_path(request, f"{PATH}.{format_.extension}") + kept(
        query_string(request)
    )
    return response


@router.api_route(PATH + ".{extension}", methods=_GET)
async def listed_in(request: Request, extension: str) -> Response:
    """List the queries in one format."""
    format_ = next((f for f in _LIST_FORMATS if f.extension == extension), None)
    if format_ is None:
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", f"There is no queries.{extension[:40]}.")
    return await _list(request, format_)


async def _list(request: Request, format_: Format) -> Response:
    parameters = query_string(request)
    words, tag = "", ""
    for name, given in parameters:
        if name == "q":
            words = given
        elif name == "tag":
            tag = given
        elif name != LANGUAGE_PARAMETER:
            allowed = ("q", "tag", LANGUAGE_PARAMETER)
            detail = f"The list of queries has no parameter {name[:80]!a}; it has {', '.join(allowed)}."
            raise invalid(name, detail, allowed)
    language = page_language(request, parameters)
    library = site_of(request).dataset.library
    found = library.find(words, tag)
    if format_ is HTML:
        return list_page(request, found, words, tag, language)
    described = [_as_json(request, query) for query in found]
    value = {"queries": described, "tags": library.tags}
    body = json.dumps(value, ensure_ascii=False).encode()
    return query_response(request, format_, body, PATH, _LIST_FORMATS)


@router.api_route(PATH + "/{name}", methods=_GET)
async def asked(request: Request, name: str) -> Response:
    """Ask a query, or send its text or its description."""
    stem, dot, extension = name.rpartition(".")
    query = _find(request, stem if dot else name)
    formats = formats_of(query)
    if dot:
        format_ = next((f for f in formats if extension == f.extension or f.is_called(extension)), None)
        if format_ is None:
            offered = tuple(f.extension for f in formats)
            detail = f"There is no {query.id}.{extension[:40]}; there are {', '.join(offered)}."
            raise Problem(HTTPStatus.NOT_FOUND, "not-found", detail, offered=offered)
        return await _answer(request, query, format_)
    format_ = accepted(request, formats)
    response = await _answer(request, query, format_)
    path = local_path(request, f"{PATH}/{query.id}.{extension_of(format_)}")
    response.headers["Content-Location"] = path + kept(query_string(request))
    return response


def _find(request: Request, name: str) -> StoredQuery:
    queries = site_of(request).dataset.library.queries
    if name in queries:
        return queries[name]
    near = tuple(difflib.get_close_matches(name[:100], list(queries), n=3, cutoff=0.5))
    advice = f"did you mean {', '.join(near)}?" if near else f"{PATH} lists them."
    detail = f"There is no query {name[:80]!a}; {advice}"
    raise Problem(
        HTTPStatus.NOT_FOUND, "not-found", detail, near=tuple(f"{PATH}/{each}" for each in near) or None
    )


def _bound(request: Request, query: StoredQuery) -> tuple[tuple[str, Term], ...]:
    names = {parameter.name for parameter in query.parameters}
    given = [
        (name, value)
        for name, value in query_string(request)
        if name != LANGUAGE_PARAMETER or LANGUAGE_PARAMETER in names
    ]
    try:
        return bind(query, given, site_of(request).prefixes)
    except ParameterRefused as error:
        raise invalid(error.parameter, str(error), error.allowed) from error


async def _answer(request: Request, query: StoredQuery, format_: Format) -> Response:
    asked = QueryRequest(query.text, bindings=_bound(request, query))
    language = page_language(request, query_string(request))
    if format_ is HTML:
        response = await query_page(request, query, asked, language)
    else:
        body = await _body(request, query, asked, format_, language)
        response = query_response(request, format_, body, f"{PATH}/{query.id}", formats_of(query), query.iri)
    if query.services and format_ is not TEXT:
        # What another endpoint says may change at any time.
        response.headers["Cache-Control"] = "no-store"
    return response


async def _body(
    request: Request, query: StoredQuery, asked: QueryRequest, format_: Format, language: str
) -> bytes:
    if format_ is TEXT:
        return query.text.encode()
    if format_ is MARKDOWN:
        return await query_markdown(request, query, asked, language)
    if query.form in (Form.SELECT, Form.ASK) and format_ in GRAPH_FORMATS:
        site = site_of(request)
        client = client_of(request, site.settings)
        return await site.evaluator.document(query.iri, format_.name, client=client)
    return await collected(request, asked, format_)


def _as_json(request: Request, query: StoredQuery) -> dict[str, Any]:
    """Describe a query to a program."""
    prefixes = site_of(request).prefixes
    parameters = []
    for parameter in query.parameters:
        default = None if parameter.default is None else text_of(parameter.default, prefixes)
        described = {
            "name": parameter.name,
            "type": parameter.type,
            "label": {"en": parameter.label.en, "zh": parameter.label.zh},
            "class": parameter.of_class,
            "scheme": parameter.scheme,
            "default": default,
            "optional": parameter.is_optional,
            "allowed": allowed_values(parameter, prefixes) or None,
        }
        parameters.append({name: value for name, value in described.items() if value is not None})
    return {
        "id": query.id,
        "iri": query.iri,
        "path": local_path(request, f"{PATH}/{query.id}"),
        "title": {"en": query.title.en, "zh": query.title.zh},
        "description": {"en": query.description.en, "zh": query.description.zh},
        "tags": query.tags,
        "form": query.form,
        "parameters": parameters,
        "columns": [{"name": column.name, "type": column.type} for column in query.columns],
    }
