"""Hold what pages and answers of several kinds have in common: addresses, headers."""

import hashlib
from collections.abc import Sequence
from http import HTTPStatus
from typing import TypeAlias
from urllib.parse import urlencode

from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg.store.results import Format
from aisi_kg.web.headers import CACHE_CONTROL, is_known, links
from aisi_kg.web.problems import Problem
from aisi_kg.web.requests import query_string

__all__ = ["MARKDOWN", "Parameters", "invalid", "kept", "tagged"]

#: The parameters of a URL, names and values in order.
Parameters: TypeAlias = Sequence[tuple[str, str]]

MARKDOWN = Format("md", "text/markdown", "md", "", has_charset=True)

_LONGEST_SUFFIX = 200


def kept(parameters: Parameters) -> str:
    """Write parameters as the end of a URL.

    :param parameters: the parameters; those without a value are left out.
    :returns: the query string with its mark; nothing where there is none.
    """
    written = urlencode([(name, value) for name, value in parameters if value])
    return f"?{written}" if written else ""


def invalid(parameter: str, detail: str, allowed: Sequence[str] = ()) -> Problem:
    """Say that a parameter of a URL cannot have its value.

    :param parameter: the parameter.
    :param detail: why, in a sentence.
    :param allowed: what could have been given, where that can be listed.
    :returns: the problem.
    """
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "invalid-parameter",
        detail,
        parameter=parameter[:80],
        allowed=tuple(allowed) or None,
    )


def tagged(
    request: Request,
    format_: Format,
    body: bytes,
    path: str,
    formats: Sequence[Format],
    canonical: str | None = None,
    *,
    status: HTTPStatus = HTTPStatus.OK,
) -> Response:
    """Send what was asked for with a tag by content, or only say that the client has it.

    :param request: the request.
    :param format_: the format that it is written in.
    :param body: the content.
    :param path: the path of what is sent, without the extension of a format.
    :param formats: the formats that it is there in, each with the extension of its address.
    :param canonical: its IRI.
    :param status: the status code.
    :returns: the response.
    """
    suffix = kept(query_string(request))
    headers = {
        "ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        "Cache-Control": CACHE_CONTROL,
        # Each repeats the suffix, and a client's own long value would make a header that no proxy lets pass.
        "Link": links(
            request, path, formats if len(suffix) <= _LONGEST_SUFFIX else (), canonical, suffix=suffix
        ),
        "Vary": "Accept, Accept-Language",
    }
    if status is HTTPStatus.OK and is_known(request, headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(body, status, headers, media_type=format_.content_type)
