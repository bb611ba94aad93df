"""Answer the SPARQL 1.1 Protocol at ``/sparql``: queries by GET and by both kinds of POST.

A request without a query gets the description of the service, or a form to write a query in.
"""

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.results import GRAPH_FORMATS, RESULT_FORMATS, Choice, Format, find_format
from aisi_kg.web.evaluator import Answering
from aisi_kg.web.html import element, page
from aisi_kg.web.negotiation import HTML, best, parse_accept
from aisi_kg.web.problems import Problem
from aisi_kg.web.requests import content_type, parse_form, query_string, read_body
from aisi_kg.web.service_description import describe_service
from aisi_kg.web.site import Site, site_of

__all__ = ["router"]

router = APIRouter()

_QUERY_TYPE = "application/sparql-query"
_FORM_TYPE = "application/x-www-form-urlencoded"
_UPDATE_TYPE = "application/sparql-update"

_Parameters = Sequence[tuple[str, str]]


@router.api_route("/sparql", methods=["GET", "HEAD", "POST"])
async def sparql(request: Request) -> Response:
    """Answer a query."""
    return await (_post(request) if request.method == "POST" else _get(request))


async def _get(request: Request) -> Response:
    """Answer a query in the URL, or describe the service where there is none."""
    parameters = query_string(request)
    if not any(name in ("query", "update") for name, _ in parameters):
        return await _without_query(request, parameters)
    return await _answered(request, _request(parameters, parameters), parameters)


async def _post(request: Request) -> Response:
    """Answer a query in the body."""
    site = site_of(request)
    media_type, charset = content_type(request.headers)
    in_url = query_string(request)
    if media_type == _UPDATE_TYPE:
        raise _update_refused()
    if media_type not in (_QUERY_TYPE, _FORM_TYPE):
        raise Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "unsupported-media-type",
            f"Send a query as {_QUERY_TYPE}, or as {_FORM_TYPE} with the parameter query.",
            {"Accept-Post": f"{_QUERY_TYPE}, {_FORM_TYPE}"},
            offered=(_QUERY_TYPE, _FORM_TYPE),
        )
    if charset not in ("", "utf-8", "utf8"):
        detail = f"The body is sent as {charset[:40]}; SPARQL is UTF-8, so send it as that."
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-charset", detail)
    body = await read_body(request, site.settings.max_body_bytes)
    if any(name == "query" for name, _ in in_url):
        detail = "A POST has its query in the body, and this one has one in the URL; leave that out."
        raise Problem(HTTPStatus.BAD_REQUEST, "query-in-url", detail)
    if media_type == _FORM_TYPE:
        parameters = [*parse_form(body, "form"), *in_url]
        return await _answered(request, _request(parameters, parameters), parameters)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        detail = f"The query is not UTF-8 (byte {error.start}); encode it as UTF-8."
        raise Problem(HTTPStatus.BAD_REQUEST, "not-utf-8", detail) from error
    return await _answered(request, _request([("query", text)], in_url), in_url)


def _update_refused() -> Problem:
    detail = "This dataset is read-only: SPARQL Update is not offered; send a query."
    return Problem(HTTPStatus.FORBIDDEN, "update-refused", detail)


def _request(text_from: _Parameters, dataset_from: _Parameters) -> QueryRequest:
    """Read a query and its dataset from a request's parameters."""
    if any(name == "update" for name, _ in text_from):
        raise _update_refused()
    texts = [value for name, value in text_from if name == "query"]
    if len(texts) != 1:
        detail = (
            "The request has no parameter query; send one."
            if not texts
            else f"The request has {len(texts)} parameters query; send one."
        )
        raise Problem(HTTPStatus.BAD_REQUEST, "one-query", detail)
    return QueryRequest(
        texts[0],
        tuple(value for name, value in dataset_from if name == "default-graph-uri"),
        tuple(value for name, value in dataset_from if name == "named-graph-uri"),
    )


async def _answered(request: Request, query: QueryRequest, parameters: _Parameters) -> Response:
    answering = await site_of(request).evaluator.answer(query, _choice(request, parameters))
    headers = {"Vary": "Accept", "Content-Type": answering.format.content_type}
    if answering.whole is not None:
        answering.close()
        return Response(answering.whole, headers=headers)
    if request.method == "HEAD":
        # What it would have said; its length is not known before the end.
        answering.close()
        return StreamingResponse(iter(()), headers=headers)
    return _AnswerResponse(answering, headers)


class _AnswerResponse(StreamingResponse):
    """Send an answer block by block, and end its writing whatever becomes of the client."""

    def __init__(self, answering: Answering, headers: dict[str, str]) -> None:
        super().__init__(answering, headers=headers)
        self._answering = answering

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._answering.close()


def _choice(request: Request, parameters: _Parameters) -> Choice:
    """Choose a format for each kind of result: by the parameter ``format``, else by ``Accept``."""
    asked = _asked_format(parameters)
    if asked is not None:
        result, graph = find_format(asked, RESULT_FORMATS), find_format(asked, GRAPH_FORMATS)
        if result is None and graph is None:
            raise _unknown_format(asked, (*RESULT_FORMATS, *GRAPH_FORMATS))
    else:
        ranges = parse_accept(request.headers.get("accept"))
        result, graph = best(RESULT_FORMATS, ranges), best(GRAPH_FORMATS, ranges)
        if result is None and graph is None:
            offered = tuple(format_.media_type for format_ in (*RESULT_FORMATS, *GRAPH_FORMATS))
            detail = f"Nothing in Accept can be written here; ask for one of {', '.join(offered)}."
            raise Problem(HTTPStatus.NOT_ACCEPTABLE, "not-acceptable", detail, offered=offered)
    return Choice(result.name if result else None, graph.name if graph else None)


def _asked_format(parameters: _Parameters) -> str | None:
    values = [value for name, value in parameters if name == "format" and value]
    if len(set(values)) > 1:
        raise Problem(
            HTTPStatus.BAD_REQUEST, "unknown-format", "The parameter format is given twice; give it once."
        )
    return values[0] if values else None


def _unknown_format(asked: str, formats: Sequence[Format]) -> Problem:
    offered = tuple(format_.name for format_ in formats)
    detail = f"There is no format {asked[:40]}; there are {', '.join(offered)}."
    return Problem(HTTPStatus.BAD_REQUEST, "unknown-format", detail, offered=offered)


async def _without_query(request: Request, parameters: _Parameters) -> Response:
    """Describe the service, or show a form."""
    asked = _asked_format(parameters)
    formats = (*GRAPH_FORMATS, HTML)
    if asked is None:
        format_ = best(formats, parse_accept(request.headers.get("accept")))
    else:
        format_ = find_format(asked, formats)
        if format_ is None:
            raise _unknown_format(asked, formats)
    if format_ is None:
        offered = tuple(each.media_type for each in formats)
        detail = f"This service is described in {', '.join(offered)}; ask for one of them."
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, "not-acceptable", detail, offered=offered)
    headers = {"Vary": "Accept"}
    if format_ is HTML:
        return Response(_form(site_of(request)), headers=headers, media_type=HTML.content_type)
    body = await describe_service(request, format_)
    return Response(body, headers=headers, media_type=format_.content_type)


_EXAMPLE = """SELECT ?claim ?statement
WHERE {
  ?claim a aisi:Claim ; aisi:statement ?statement .
  FILTER(LANG(?statement) = "en")
}
LIMIT 10"""


def _form(site: Site) -> bytes:
    # Those for triples that are called json and xml too are chosen by these names.
    names = dict.fromkeys(f.aliases[0] if f.aliases else f.name for f in (*RESULT_FORMATS, *GRAPH_FORMATS))
    choices = [element("option", name, value=name) for name in names]
    text = f"PREFIX aisi: <{site.prefixes['aisi']}>\n\n{_EXAMPLE}\n" if "aisi" in site.prefixes else ""
    return page(
        "SPARQL",
        element("p", "Write a query. What it finds is shown as it would be sent to a program."),
        element(
            "form",
            element("p", element("label", "Query", for_="query")),
            element(
                "p",
                element("textarea", text, id="query", name="query", rows="16", cols="80", spellcheck="false"),
            ),
            element(
                "p",
                element("label", "Format ", for_="format"),
                element("select", *choices, id="format", name="format"),
                " ",
                element("button", "Ask", type="submit"),
            ),
            action="/sparql",
            method="get",
        ),
        element("p", element("a", "Description of this service", href="/sparql?format=turtle")),
    )
