"""Read what a request of the API asks with, and send JSON; the same at each address of the service."""

import json
from http import HTTPStatus
from typing import Any

from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg.graph.prefixes import ENTITY_BASE
from aisi_kg.store.library.records import LANGUAGES
from aisi_kg.store.results import Format
from aisi_kg.store.search import Document, Index, Kind
from aisi_kg.web.pages import Parameters, invalid, tagged
from aisi_kg.web.problems import Problem
from aisi_kg.web.reconcile.manifest import PATH
from aisi_kg.web.requests import query_string

__all__ = ["entity_named", "known_language", "one_value", "parameters_of", "refuse_callback", "sent"]

_JSON = Format("json", "application/json", "json", "")


def known_language(language: str) -> str:
    """Check the language of an address.

    :param language: the part of the path.
    :returns: the same.
    :raises Problem: if the service does not speak it.
    """
    if language not in LANGUAGES:
        detail = f"There are {' and '.join(f'{PATH}/{each}' for each in LANGUAGES)}."
        near = tuple(f"{PATH}/{each}" for each in LANGUAGES)
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", detail, near=near)
    return language


def parameters_of(request: Request) -> Parameters:
    """Read the parameters of a URL; other ones than the API's are left to those who send them.

    :param request: the request.
    :returns: names and values.
    :raises Problem: if they cannot be read, or ask for JSONP.
    """
    found = query_string(request)
    refuse_callback(found)
    return found


def refuse_callback(parameters: Parameters) -> None:
    """Tell who asks for JSONP that there is none.

    What is answered as a script runs in the page of whoever includes it. The API asks for CORS, which every
    browser has, and leaves JSONP to the service.

    :param parameters: names and values.
    :raises Problem: if one asks for it.
    """
    if any(name == "callback" for name, _ in parameters):
        detail = "JSONP is not offered; ask for JSON, which scripts of every origin may read (CORS)."
        raise invalid("callback", detail)


def one_value(parameters: Parameters, name: str) -> str | None:
    """Give the value of a parameter.

    :param parameters: names and values.
    :param name: which of them.
    :returns: its value; None where it is not given.
    :raises Problem: if it is given twice.
    """
    values = [value for each, value in parameters if each == name]
    if len(values) > 1:
        raise invalid(name, f"The parameter {name} is given twice; give it once.")
    return values[0] if values else None


def sent(request: Request, content: Any) -> Response:
    """Send JSON.

    :param request: the request.
    :param content: what is sent.
    :returns: the response; to what can be asked again by the same URL, with a tag.
    """
    # In ASCII, so that a client that takes JSON without a charset for Latin-1 reads it right, too.
    body = json.dumps(content, allow_nan=False).encode() + b"\n"
    if request.method == "POST":
        return Response(body, headers={"Cache-Control": "no-store"}, media_type=_JSON.content_type)
    return tagged(request, _JSON, body, request.url.path, ())


def entity_named(index: Index, name: str) -> Document | None:
    """Find an entity.

    :param index: what is known.
    :param name: its identifier, the end of its IRI; or the IRI.
    :returns: the entity; None where there is none.
    """
    iri = name if name.startswith(ENTITY_BASE) else ENTITY_BASE + name
    found = index.find(iri)
    return found if found is not None and found.kind is Kind.ENTITY else None
