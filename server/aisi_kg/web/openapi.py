"""Describe the service in OpenAPI 3.1 at ``/openapi.json``: each stored query as an operation, and SPARQL.

The document is made here and not by the framework, which knows neither the queries nor what they are asked
with.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg import __version__
from aisi_kg.graph.prefixes import Prefixes
from aisi_kg.store.library.records import (
    LANGUAGES,
    Column,
    ColumnType,
    Form,
    Parameter,
    ParameterType,
    StoredQuery,
)
from aisi_kg.store.library.values import allowed_values, text_of
from aisi_kg.store.results import GRAPH_FORMATS, RESULT_FORMATS, Format
from aisi_kg.web.headers import CACHE_CONTROL, is_known, local_path
from aisi_kg.web.language import LANGUAGE_PARAMETER
from aisi_kg.web.negotiation import HTML
from aisi_kg.web.openapi_lookups import LOOKUP_SCHEMAS, LOOKUP_TAGS, lookup_paths
from aisi_kg.web.openapi_parts import PROBLEM, PROBLEMS, component, language_parameter, problem
from aisi_kg.web.query_answers import formats_of
from aisi_kg.web.query_pages import SELECTABLE
from aisi_kg.web.site import site_of

__all__ = ["openapi_document", "openapi_of", "router"]

router = APIRouter()

_LICENCE = {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"}
_DAY = "2024-01-01"
_TYPES: dict[ParameterType, dict[str, Any]] = {
    ParameterType.IRI: {"type": "string", "format": "iri"},
    ParameterType.STRING: {"type": "string", "maxLength": 1000},
    ParameterType.INTEGER: {"type": "integer"},
    ParameterType.DATE: {"type": "string", "format": "date"},
    ParameterType.LANGUAGE: {"type": "string"},
}
_EXAMPLES: dict[ParameterType, Any] = {
    ParameterType.STRING: "memorandum",
    ParameterType.INTEGER: 1,
    ParameterType.DATE: _DAY,
    ParameterType.LANGUAGE: LANGUAGES[0],
}


@router.api_route("/openapi.json", methods=["GET", "HEAD"])
async def openapi(request: Request) -> Response:
    """Send the description."""
    state = request.app.state
    if not hasattr(state, "openapi_json"):
        state.openapi_json = json.dumps(openapi_of(request), ensure_ascii=False).encode()
    body: bytes = state.openapi_json
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": CACHE_CONTROL}
    if is_known(request, tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, headers=headers, media_type="application/json")


def openapi_of(request: Request) -> dict[str, Any]:
    """Give the description of the site that a request is for.

    :param request: the request.
    :returns: the document, which is not to be changed.
    """
    state = request.app.state
    if not hasattr(state, "openapi"):
        # It takes as long as some hundred queries, and is the same as long as the dataset is.
        dataset = site_of(request).dataset
        queries = list(dataset.library.queries.values())
        # Relative to the document itself, so that it is right behind a proxy too.
        server = local_path(request, "") or "/"
        state.openapi = openapi_document(queries, dataset.prefixes, server, dataset.version)
    document: dict[str, Any] = state.openapi
    return document


def openapi_document(
    queries: Sequence[StoredQuery], prefixes: Prefixes, server: str, version: str
) -> dict[str, Any]:
    """Write the description.

    :param queries: the stored queries.
    :param prefixes: what IRIs are shortened with.
    :param server: the server's address.
    :param version: the dataset's version.
    :returns: the document, ready for ``json.dumps``.
    """
    tags = sorted({tag for query in queries for tag in query.tags})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "AISI-KG",
            "summary": "A knowledge graph of national AI safety institutes, claim by claim.",
            "description": (
                f"Program {__version__}, dataset {version}. Each stored query is an operation: its "
                "parameters are bound as RDF terms, and what cannot be a value is answered with 422. "
                "Formats are chosen by Accept, or by an ending such as `.csv`. Beside what is listed, a "
                "URL that is too long is answered with 414, one that is not UTF-8 with 400, and who has the "
                "answer with 304."
            ),
            "version": version,
            "license": _LICENCE,
        },
        "servers": [{"url": server}],
        "tags": [{"name": tag} for tag in dict.fromkeys(["sparql", *LOOKUP_TAGS, *tags])],
        "paths": {
            "/sparql": _sparql(),
            "/queries": _list(tags),
            **lookup_paths(),
            **{f"/queries/{query.id}": {"get": _operation(query, prefixes)} for query in queries},
        },
        "components": {
            "schemas": {
                "Problem": _problem_schema(),
                "Truth": _truth_schema(),
                "Listed": _listed_schema(),
                **LOOKUP_SCHEMAS,
            },
            "responses": {
                name: {
                    "description": description,
                    "content": {
                        PROBLEM: {"schema": component("Problem")},
                        HTML.media_type: {"schema": {"type": "string"}},
                    },
                }
                for name, description in PROBLEMS.items()
            },
        },
    }


def _operation(query: StoredQuery, prefixes: Prefixes) -> dict[str, Any]:
    parameters = [_parameter(parameter, prefixes) for parameter in query.parameters]
    if not any(parameter.name == LANGUAGE_PARAMETER for parameter in query.parameters):
        parameters.append(language_parameter())
    return {
        "operationId": query.id,
        "summary": query.title.en,
        "description": f"{query.description.en}\n\n{query.title.zh}：{query.description.zh}",
        "tags": list(query.tags),
        "parameters": parameters,
        "responses": {
            "200": {"description": "The answer.", "content": _content(query)},
            "406": problem("NotAcceptable"),
            "422": problem("InvalidParameter"),
            "503": problem("Unavailable"),
        },
    }


def _parameter(parameter: Parameter, prefixes: Prefixes) -> dict[str, Any]:
    schema = dict(_TYPES[parameter.type])
    values = allowed_values(parameter, prefixes)
    if values and len(values) <= SELECTABLE:
        schema["enum"] = list(values)
    described = f"{parameter.label.en} ({parameter.label.zh})."
    example = values[0] if values else _EXAMPLES.get(parameter.type, "entity:uk-aisi")
    if parameter.default is not None:
        example = text_of(parameter.default, prefixes)
        if parameter.type is ParameterType.INTEGER:
            example = int(example)
        schema["default"] = example
    elif "enum" in schema:
        described += " All where it is left out."
    else:
        described += " Not restricted where it is left out."
    if parameter.of_class is not None:
        described += f" A member of {prefixes.shorten(parameter.of_class)}."
    if parameter.scheme is not None:
        described += f" A code of {prefixes.shorten(parameter.scheme)}."
    if parameter.type is ParameterType.IRI:
        # What is sent may have a prefix of the dataset in place of its namespace.
        schema.pop("format")
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": described,
        "schema": schema,
        "example": example,
    }


def _content(query: StoredQuery) -> dict[str, Any]:
    """List the media types of an answer, the usual one with its schema."""
    content: dict[str, Any] = {}
    for format_ in formats_of(query):
        content[format_.media_type] = {"schema": {"type": "string"}}
    if query.form is Form.ASK:
        content[RESULT_FORMATS[0].media_type] = {"schema": component("Truth")}
    elif query.form is Form.SELECT:
        content[RESULT_FORMATS[0].media_type] = {"schema": _solutions(query.columns)}
    return content


def _solutions(columns: Sequence[Column]) -> dict[str, Any]:
    """Describe SPARQL's JSON for the columns of a query."""
    names = [column.name for column in columns]
    row = {
        "type": "object",
        "properties": {column.name: _term(column) for column in columns},
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "required": ["head", "results"],
        "properties": {
            "head": {"type": "object", "properties": {"vars": {"const": names}}, "required": ["vars"]},
            "results": {
                "type": "object",
                "properties": {"bindings": {"type": "array", "items": row}},
                "required": ["bindings"],
            },
        },
    }


def _term(column: Column) -> dict[str, Any]:
    kinds: Mapping[ColumnType, list[str]] = {
        ColumnType.IRI: ["uri"],
        ColumnType.CLAIM: ["uri"],
        ColumnType.LITERAL: ["literal", "uri", "bnode"],
    }
    properties: dict[str, Any] = {
        "type": {"enum": kinds.get(column.type, ["literal"])},
        "value": {"type": "string"},
    }
    required = ["type", "value"]
    if column.type is ColumnType.LABEL:
        properties["xml:lang"] = {"type": "string"}
    return {"type": "object", "properties": properties, "required": required}


def _truth_schema() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["head", "boolean"],
        "properties": {"head": {"type": "object"}, "boolean": {"type": "boolean"}},
    }


def _problem_schema() -> dict[str, Any]:
    return {
        "type": "object",
        "description": "Problem details (RFC 9457).",
        "required": ["type", "title", "status", "detail", "code"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "code": {"type": "string"},
            "parameter": {"type": "string"},
            "allowed": {"type": "array", "items": {"type": "string"}},
            "offered": {"type": "array", "items": {"type": "string"}},
            "line": {"type": "integer"},
            "column": {"type": "integer"},
        },
    }


def _listed_schema() -> dict[str, Any]:
    texts = {
        "type": "object",
        "required": list(LANGUAGES),
        "properties": {language: {"type": "string"} for language in LANGUAGES},
    }
    query = {
        "type": "object",
        "required": ["id", "iri", "path", "title", "description", "tags", "form", "parameters", "columns"],
        "properties": {
            "id": {"type": "string"},
            "iri": {"type": "string"},
            "path": {"type": "string"},
            "title": texts,
            "description": texts,
            "tags": {"type": "array", "items": {"type": "string"}},
            "form": {"enum": list(Form)},
            "parameters": {"type": "array", "items": {"type": "object"}},
            "columns": {"type": "array", "items": {"type": "object"}},
        },
    }
    return {
        "type": "object",
        "required": ["queries", "tags"],
        "properties": {
            "queries": {"type": "array", "items": query},
            "tags": {"type": "object", "additionalProperties": {"type": "integer"}},
        },
    }


def _list(tags: Sequence[str]) -> dict[str, Any]:
    tag = {"type": "string", **({"enum": list(tags)} if tags else {})}
    return {
        "get": {
            "operationId": "list-queries",
            "summary": "List the stored queries, or search them",
            "tags": [],
            "parameters": [
                {
                    "name": "q",
                    "in": "query",
                    "description": "Words that stand in the query's name, title, description or tags.",
                    "schema": {"type": "string"},
                    "example": "access",
                },
                {"name": "tag", "in": "query", "description": "A topic.", "schema": tag},
                language_parameter(),
            ],
            "responses": {
                "200": {
                    "description": "The queries.",
                    "content": {
                        "application/json": {"schema": component("Listed")},
                        HTML.media_type: {"schema": {"type": "string"}},
                    },
                },
                "406": problem("NotAcceptable"),
                "422": problem("InvalidParameter"),
            },
        }
    }


_QUERY = "SELECT ?claim { ?claim a <https://w3id.org/aisi-kg/ontology#Claim> } LIMIT 3"


def _sparql() -> dict[str, Any]:
    """Describe the SPARQL 1.1 Protocol."""
    formats: tuple[Format, ...] = (*RESULT_FORMATS, *GRAPH_FORMATS)
    graphs = {"type": "array", "items": {"type": "string", "format": "iri"}}
    dataset = [
        {
            "name": name,
            "in": "query",
            "description": f"IRIs of {described}; in place of what the query says by FROM.",
            "schema": graphs,
        }
        for name, described in (
            ("default-graph-uri", "the graphs whose merge is the default graph"),
            ("named-graph-uri", "the graphs that GRAPH may name"),
        )
    ]
    chosen = {
        "name": "format",
        "in": "query",
        "description": "The format, in place of Accept.",
        "schema": {"type": "string", "enum": [*dict.fromkeys(f.name for f in formats)]},
    }
    query = {
        "name": "query",
        "in": "query",
        "description": "The query; without it, the service describes itself.",
        "schema": {"type": "string"},
        "example": _QUERY,
    }
    responses = {
        "200": {
            "description": "The answer, or the description of the service.",
            "content": {f.media_type: {"schema": {"type": "string"}} for f in formats},
        },
        "400": problem("BadRequest"),
        "403": problem("Refused"),
        "406": problem("NotAcceptable"),
        "503": problem("Unavailable"),
    }
    form = {"type": "object", "required": ["query"], "properties": {"query": {"type": "string"}}}
    body = {
        "required": True,
        "content": {
            "application/sparql-query": {"schema": {"type": "string"}, "example": _QUERY},
            "application/x-www-form-urlencoded": {"schema": form},
        },
    }
    return {
        "get": {
            "operationId": "sparql-get",
            "summary": "Ask in SPARQL 1.1",
            "tags": ["sparql"],
            "parameters": [query, *dataset, chosen],
            "responses": responses,
        },
        "post": {
            "operationId": "sparql-post",
            "summary": "Ask in SPARQL 1.1",
            "tags": ["sparql"],
            "parameters": [*dataset, chosen],
            "requestBody": body,
            "responses": responses,
        },
    }
