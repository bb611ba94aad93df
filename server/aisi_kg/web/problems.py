"""Answer every error in one form: problem+json (RFC 9457) with a code, or a small page for a browser.

The codes are part of the interface; the sentences are not.
"""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from aisi_kg.errors import FormatRefused, QueryRejected, ServiceRefused, UnknownResource, UpdateRefused
from aisi_kg.store.results import Format
from aisi_kg.web.html import element, page
from aisi_kg.web.negotiation import HTML, best, parse_accept

__all__ = ["COMMON_HEADERS", "HANDLERS", "Problem", "problem_response"]

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
    ranges = parse_accept(request.headers.get("accept"))
    headers = {**problem.headers, "Vary": "Accept"}
    if best((_JSON, HTML), ranges) is HTML:
        body = page(problem.status.phrase, element("p", problem.detail))
        return Response(body, problem.status, headers, media_type=HTML.content_type)
    content = {
        "type": "about:blank",
        "title": problem.status.phrase,
        "status": int(problem.status),
        "detail": problem.detail,
        "code": problem.code,
        **{name: value for name, value in problem.members.items() if value is not None},
    }
    return JSONResponse(content, problem.status, headers, media_type=_JSON.media_type)


def _respond(request: Request, error: Problem) -> Response:
    return problem_response(request, error)


def _rejected(request: Request, error: QueryRejected) -> Response:
    if isinstance(error, ServiceRefused):
        code = "service-refused"
    elif isinstance(error, UpdateRefused):
        code = "update-refused"
    else:
        code = "malformed-query"
    status = HTTPStatus.FORBIDDEN if isinstance(error, ServiceRefused) else HTTPStatus.BAD_REQUEST
    return problem_response(request, Problem(status, code, str(error), line=error.line, column=error.column))


def _format_refused(request: Request, error: FormatRefused) -> Response:
    problem = Problem(HTTPStatus.NOT_ACCEPTABLE, "not-acceptable", str(error), offered=error.offered)
    return problem_response(request, problem)


def _unknown(request: Request, error: UnknownResource) -> Response:
    return problem_response(request, Problem(HTTPStatus.NOT_FOUND, "not-found", str(error)))


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
            "The server failed in a way that was not foreseen; the operator finds the cause in its log.",
            # This one is sent from outside the frame.
            COMMON_HEADERS,
        ),
    )


#: What answers for which exception; the closest class counts.
HANDLERS: dict[type[Exception], Callable[[Request, Any], Response]] = {
    Problem: _respond,
    QueryRejected: _rejected,
    FormatRefused: _format_refused,
    UnknownResource: _unknown,
    HTTPException: _routing,
    ClientDisconnect: _gone,
    Exception: _fault,
}
