"""Answer every error in one form: problem+json (RFC 9457) with a code, or a small page for a browser.

The codes are part of the interface; the sentences are not.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from aisi_kg.errors import (
    AisiKgError,
    FormatRefused,
    QueryEnded,
    QueryRejected,
    ServiceRefused,
    UnknownResource,
    UpdateRefused,
)
from aisi_kg.store.results import Format
from aisi_kg.web.html import element, page
from aisi_kg.web.negotiation import HTML, best, field_value, parse_accept

__all__ = [
    "COMMON_HEADERS",
    "HANDLERS",
    "UNFORESEEN",
    "Problem",
    "problem_content",
    "problem_of",
    "problem_response",
]

_POLICY = "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
#: On every answer, whoever gives it.
COMMON_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": _POLICY,
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    # Anyone's scripts may read: all of it is public, and no request carries who sends it.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Accept-Ranges, Allow, Content-Encoding, Content-Length, Content-Location, Content-Range, Digest, "
        "ETag, Link, Repr-Digest, Retry-After, Vary"
    ),
    "Cross-Origin-Resource-Policy": "cross-origin",
}
_JSON = Format("json", "application/problem+json", "json", "", asked_as=("application/json",))


class Problem(Exception):
    """Tell a client that its request cannot be answered.

    :param status: the status code.
    :param code: a short name that programs can rely on.
    :param detail: a sentence for people.
    :param headers: further headers.
    :param members: further members of the JSON object.
    """

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        detail: str,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = dict(headers or {})
        self.members = members
        super().__init__(detail)


def problem_response(request: Request, problem: Problem) -> Response:
    """Write a problem the way the client reads it.

    :param request: the request that cannot be answered.
    :param problem: why.
    :returns: problem+json, or a page where the client prefers HTML.
    """
    ranges = parse_accept(field_value(request.headers, "accept"))
    headers = {**problem.headers, "Vary": "Accept"}
    if best((_JSON, HTML), ranges) is HTML:
        body = page(problem.status.phrase, element("p", problem.detail))
        return Response(body, problem.status, headers, media_type=HTML.content_type)
    content = problem_content(problem.status, problem.code, problem.detail, **problem.members)
    return JSONResponse(content, problem.status, headers, media_type=_JSON.media_type)


def problem_content(status: HTTPStatus, code: str, detail: str, **members: Any) -> dict[str, Any]:
    """Give the members of a problem's JSON object.

    :param status: the status code.
    :param code: a short name that programs can rely on.
    :param detail: a sentence for people.
    :param members: further members; those that are None are left out.
    :returns: the object.
    """
    return {
        "type": "about:blank",
        "title": status.phrase,
        "status": int(status),
        "detail": detail,
        "code": code,
        **{name: value for name, value in members.items() if value is not None},
    }


def _respond(request: Request, error: Problem) -> Response:
    return problem_response(request, error)


def problem_of(error: AisiKgError) -> Problem:
    """Turn an error that a user can meet into the problem that a client is told.

    :param error: the error.
    :returns: the problem.
    """
    if isinstance(error, QueryRejected):
        status, code = HTTPStatus.BAD_REQUEST, "malformed-query"
        if isinstance(error, ServiceRefused):
            status, code = HTTPStatus.FORBIDDEN, "service-refused"
        elif isinstance(error, UpdateRefused):
            # Sent as a query it is none; what is sent as an update is refused before it is read.
            code = "update-refused"
        return Problem(status, code, str(error), line=error.line, column=error.column)
    if isinstance(error, FormatRefused):
        return Problem(HTTPStatus.NOT_ACCEPTABLE, "not-acceptable", str(error), offered=error.offered)
    if isinstance(error, UnknownResource):
        return Problem(HTTPStatus.NOT_FOUND, "not-found", str(error))
    if isinstance(error, QueryEnded):
        headers = {} if error.retry_after_s is None else {"Retry-After": str(error.retry_after_s)}
        status = _ENDED.get(error.code, HTTPStatus.SERVICE_UNAVAILABLE)
        return Problem(status, error.code, str(error), headers)
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal-error", UNFORESEEN)


_ENDED = {
    # The query itself asks for too much, whoever asks it and whenever.
    "memory-limit": HTTPStatus.BAD_REQUEST,
    "query-too-complex": HTTPStatus.BAD_REQUEST,
    "too-many-rows": HTTPStatus.BAD_REQUEST,
    "too-many-service-calls": HTTPStatus.BAD_REQUEST,
    # Another server than this one.
    "service-failed": HTTPStatus.BAD_GATEWAY,
    "service-timeout": HTTPStatus.GATEWAY_TIMEOUT,
}
UNFORESEEN = "The server failed in a way that was not foreseen; the operator finds the cause in its log."


def _told(request: Request, error: AisiKgError) -> Response:
    return problem_response(request, problem_of(error))


def _routing(request: Request, error: HTTPException) -> Response:
    """Answer for the framework: no route for the path, or not by this method."""
    status = HTTPStatus(error.status_code)
    codes = {
        HTTPStatus.NOT_FOUND: ("not-found", "There is nothing at this address."),
        HTTPStatus.METHOD_NOT_ALLOWED: (
            "method-not-allowed",
            f"This address does not answer {request.method}; see the header Allow.",
        ),
    }
    code, detail = codes.get(status, ("refused", f"{status.phrase}."))
    headers = dict(error.headers or {})
    if "Allow" in headers:
        # The framework's own list comes from a set, in any order.
        headers["Allow"] = ", ".join(sorted({*headers["Allow"].split(", "), "OPTIONS"}))
    return problem_response(request, Problem(status, code, detail, headers))


def _gone(_request: Request, _error: ClientDisconnect) -> Response:
    """Answer nobody: the client left while its request was read."""
    return Response(status_code=HTTPStatus.BAD_REQUEST)


def _fault(request: Request, _error: Exception) -> Response:
    """Answer for a fault of the program; the framework logs it and nothing of it is shown."""
    return problem_response(
        request,
        Problem(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "internal-error",
            UNFORESEEN,
            # This one is sent from outside the frame.
            COMMON_HEADERS,
        ),
    )


#: What answers for which exception; the closest class counts.
HANDLERS: dict[type[Exception], Callable[[Request, Any], Response]] = {
    Problem: _respond,
    AisiKgError: _told,
    HTTPException: _routing,
    ClientDisconnect: _gone,
    Exception: _fault,
}
