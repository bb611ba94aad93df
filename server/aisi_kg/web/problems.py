"""Say what every error is to a client: a problem (RFC 9457) with a code.

The codes are part of the interface; the sentences are not.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aisi_kg.errors import (
    AisiKgError,
    FormatRefused,
    QueryEnded,
    QueryRejected,
    ServiceRefused,
    UnknownResource,
    UpdateRefused,
)

__all__ = [
    "COMMON_HEADERS",
    "PAGE_POLICY",
    "UNFORESEEN",
    "Problem",
    "problem_content",
    "problem_of",
]

_POLICY = "default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
#: On pages: what they load comes from this server alone, and nothing in their markup runs.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
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
