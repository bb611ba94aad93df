"""Answer every error in one form: problem+json, or a page for a browser."""

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from aisi_kg.errors import AisiKgError
from aisi_kg.store.results import Format
from aisi_kg.web.language import page_language
from aisi_kg.web.marked_query import marked
from aisi_kg.web.messages import message, messages
from aisi_kg.web.negotiation import HTML, best, field_value, parse_accept
from aisi_kg.web.problems import UNFORESEEN, Problem, problem_content, problem_of
from aisi_kg.web.rendering import render
from aisi_kg.web.requests import query_string

__all__ = ["HANDLERS", "problem_response"]

_JSON = Format("json", "application/problem+json", "json", "", asked_as=("application/json",))


def problem_response(request: Request, problem: Problem, query: str = "") -> Response:
    """Write a problem the way the client reads it.

    :param request: the request that cannot be answered.
    :param problem: why.
    :param query: the query that it is about, in which a page marks the place that the problem names.
    :returns: problem+json, or a page where the client prefers HTML.
    """
    ranges = parse_accept(field_value(request.headers, "accept"))
    headers = {**problem.headers, "Vary": "Accept"}
    if best((_JSON, HTML), ranges) is HTML:
        language = _language(request)
        headers |= {"Vary": "Accept, Accept-Language", "Content-Language": language}
        return Response(
            _page(request, problem, language, query), problem.status, headers, media_type=HTML.content_type
        )
    content = problem_content(problem.status, problem.code, problem.detail, **problem.members)
    return JSONResponse(content, problem.status, headers, media_type=_JSON.media_type)


def _language(request: Request) -> str:
    """Choose the language of a page about a request that may be at fault itself."""
    try:
        return page_language(request, query_string(request))
    except Problem:
        return page_language(request, ())


def _page(request: Request, problem: Problem, language: str, query: str) -> bytes:
    heading = f"problem.status_{int(problem.status)}"
    line, column = problem.members.get("line"), problem.members.get("column")
    lines = marked(query, line, column) if query and isinstance(line, int) else []
    return render(
        request,
        "sparql_problem.html" if lines else "problem.html",
        # What was asked for is not repeated; the other language is found at the home page.
        path="/",
        language=language,
        title=message(heading if heading in messages() else "problem.other", language),
        detail=problem.detail,
        near=list(_near(problem.members.get("near") or ())),
        line=line,
        column=column,
        query=query,
        lines=lines,
    )


def _near(near: Iterable[object]) -> Iterable[str]:
    """Take the paths among what is near to what was asked for."""
    return (each for each in near if isinstance(each, str) and each.startswith("/"))


def _respond(request: Request, error: Problem) -> Response:
    return problem_response(request, error)


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
        Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal-error", UNFORESEEN),
    )


#: What answers for which exception; the closest class counts.
HANDLERS: dict[type[Exception], Callable[[Request, Any], Response]] = {
    Problem: _respond,
    AisiKgError: _told,
    HTTPException: _routing,
    ClientDisconnect: _gone,
    Exception: _fault,
}
