"""Show the interface for programs at ``/api``: what ``/openapi.json`` describes, for people."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg.store.library.records import Library
from aisi_kg.store.results import GRAPH_FORMATS
from aisi_kg.web.assets import assets
from aisi_kg.web.language import LANGUAGE_PARAMETER, page_language
from aisi_kg.web.library_words import topic_name
from aisi_kg.web.messages import message, messages
from aisi_kg.web.openapi import openapi_of
from aisi_kg.web.pages import invalid
from aisi_kg.web.rendering import addresses, page_response
from aisi_kg.web.requests import query_string
from aisi_kg.web.site import site_of

__all__ = ["router"]

router = APIRouter()

_PATH = "/api"
_VENDOR = "vendor/swagger-ui-dist"


class _Operation(NamedTuple):
    """Hold an operation as the page lists it."""

    method: str
    path: str
    title: str
    language: str
    parameters: list[str]


@router.api_route(_PATH, methods=["GET", "HEAD"])
async def api(request: Request) -> Response:
    """Show the operations."""
    parameters = query_string(request)
    for name, _ in parameters:
        if name != LANGUAGE_PARAMETER:
            detail = f"This page has no parameter {name[:80]!a}; it has {LANGUAGE_PARAMETER}."
            raise invalid(name, detail, (LANGUAGE_PARAMETER,))
    language = page_language(request, parameters)
    dataset = site_of(request).dataset
    groups: dict[str, list[_Operation]] = {}
    for tag, operation in _operations(openapi_of(request), dataset.library, language):
        groups.setdefault(tag, []).append(operation)
    written = addresses(request, language)
    return page_response(
        request,
        "api.html",
        path=_PATH,
        language=language,
        title=message("api.title", language),
        groups=[(topic_name(tag, language) if tag else "", found) for tag, found in sorted(groups.items())],
        endings=[f.extension for f in GRAPH_FORMATS],
        dumps=list(dataset.dumps),
        console={
            "document": written.file("/openapi.json"),
            "script": written.file(assets().address(f"{_VENDOR}/swagger-ui-bundle.js")),
            "style": written.file(assets().address(f"{_VENDOR}/swagger-ui.css")),
        },
    )


def _operations(
    document: dict[str, Any], library: Library, language: str
) -> Iterator[tuple[str, _Operation]]:
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            query = library.queries.get(described["operationId"])
            key = f"api.operation_{described['operationId']}"
            # What has no name in the reader's language is named as the document does.
            title, said_in = described["summary"], "en"
            if query is not None:
                title, said_in = query.title.in_language(language), language
            elif key in messages():
                title, said_in = message(key, language), language
            names = [each["name"] for each in described.get("parameters", ())]
            tag = query.tags[0] if query is not None and query.tags else ""
            yield tag, _Operation(method.upper(), path, title, said_in, names)
