"""Answer the reading half of the SPARQL 1.1 Graph Store HTTP Protocol at ``/rdf-graphs``.

``?graph=<iri>`` and ``?default`` name a graph indirectly. A graph of ours is named directly by its path under
``/rdf-graphs``: ``/rdf-graphs/claim/concordia-2024/…`` holds what the claim's graph holds and nothing else,
where ``/claim/concordia-2024/…`` is the document about the claim, with its passage and footnotes.
"""

import hashlib
import json
from http import HTTPStatus

from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse
from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from aisi_kg.errors import AisiKgError
from aisi_kg.graph.prefixes import BASE
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.results import GRAPH_FORMATS, Choice
from aisi_kg.web.evaluator import AnswerCut, Answering, collect, gather
from aisi_kg.web.headers import CACHE_CONTROL, is_known, links
from aisi_kg.web.problems import Problem
from aisi_kg.web.requests import accepted, query_string
from aisi_kg.web.site import client_of, site_of

__all__ = ["router"]

router = APIRouter()

_PATH = "/rdf-graphs"
_READING = ["GET", "HEAD"]
_WRITING = ["DELETE", "PATCH", "POST", "PUT"]
_EVERYTHING = "CONSTRUCT WHERE { ?s ?p ?o }"
_ANYTHING = "ASK { ?s ?p ?o }"


@router.api_route(_PATH, methods=_READING)
async def indirect(request: Request) -> Response:
    """Send the graph that the parameters name."""
    parameters = query_string(request)
    named = [value for name, value in parameters if name == "graph"]
    default = [value for name, value in parameters if name == "default"]
    if len(named) + len(default) != 1:
        given = f"{len(named)} parameters graph and {len(default)} parameters default"
        detail = f"The request has {given}; send one of either: graph with an IRI, or default."
        raise Problem(HTTPStatus.BAD_REQUEST, "one-graph", detail)
    if default:
        return await _sent(request, None)
    try:
        NamedNode(named[0])
    except ValueError as error:
        detail = f"The graph {named[0][:200]!a} is no absolute IRI; write it in full, and encoded."
        raise Problem(HTTPStatus.BAD_REQUEST, "relative-iri", detail) from error
    return await _sent(request, named[0])


@router.api_route(_PATH + "/{path:path}", methods=_READING)
async def direct(request: Request, path: str) -> Response:
    """Send the graph that the path names."""
    if any(name in ("graph", "default") for name, _ in query_string(request)):
        detail = f"The path names a graph and the query string another; leave one out, or ask {_PATH}."
        raise Problem(HTTPStatus.BAD_REQUEST, "one-graph", detail)
    try:
        NamedNode(BASE + path)
    except ValueError as error:
        detail = "This path is that of no graph: it is none of an IRI."
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", detail) from error
    return await _sent(request, BASE + path)


@router.api_route(_PATH, methods=_WRITING)
@router.api_route(_PATH + "/{path:path}", methods=_WRITING)
async def writing(request: Request) -> Response:
    """Refuse to change a graph."""
    detail = f"This dataset is read-only: {request.method} changes a graph and is not offered; read with GET."
    raise Problem(HTTPStatus.FORBIDDEN, "update-refused", detail)


async def _sent(request: Request, graph: str | None) -> Response:
    """Send a graph, or the default graph."""
    site = site_of(request)
    format_ = accepted(request, GRAPH_FORMATS)
    graphs = () if graph is None else (graph,)
    if graph is not None:
        found = await collect(site.evaluator, QueryRequest(_ANYTHING, graphs), Choice("json"))
        if not json.loads(found)["boolean"]:
            detail = f"There is no graph <{graph[:200]}>; SELECT DISTINCT ?g {{ GRAPH ?g {{}} }} lists them."
            raise Problem(HTTPStatus.NOT_FOUND, "not-found", detail)
    # A graph is sent as it is read, and may be read in another order the next time: the tag is a weak one.
    identity = f"{site.dataset.version}\n{graph or ''}\n{format_.name}"
    headers = {
        "Content-Type": format_.content_type,
        "ETag": f'W/"{hashlib.sha256(identity.encode()).hexdigest()[:32]}"',
        "Cache-Control": CACHE_CONTROL,
        "Link": links(request, _PATH),
        "Vary": "Accept",
    }
    if is_known(request, headers["ETag"]):
        del headers["Content-Type"]
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if request.method == "HEAD":
        # Its length is not known before the end.
        return StreamingResponse(iter(()), headers=headers)
    answering = await site.evaluator.answer(
        QueryRequest(_EVERYTHING, graphs),
        Choice(None, format_.name),
        client=client_of(request, site.settings),
    )
    if answering.whole is None and request.scope["http_version"] == "1.0":
        try:
            return Response(await gather(answering), headers=headers)
        finally:
            answering.close()
    return _GraphResponse(answering, headers)


class _GraphResponse(StreamingResponse):
    """Send a graph block by block, and end its writing whatever becomes of the client."""

    def __init__(self, answering: Answering, headers: dict[str, str]) -> None:
        if answering.whole is not None:
            headers = {**headers, "Content-Length": str(len(answering.whole))}
        super().__init__(answering, headers=headers)
        self._answering = answering

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        except AisiKgError as error:
            raise AnswerCut from error
        finally:
            self._answering.close()
