"""Put around every answer what all of them have in common, and end each so that its client understands."""

import asyncio
import logging
import re
import time
from http import HTTPStatus

from fastapi.responses import Response
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aisi_kg.store.results import GRAPH_FORMATS
from aisi_kg.web.connection import CONNECTION_KEY, Connection
from aisi_kg.web.evaluator import AnswerCut
from aisi_kg.web.kept_pages import KeptPages
from aisi_kg.web.negotiation import field_value
from aisi_kg.web.problem_answers import problem_response
from aisi_kg.web.problems import COMMON_HEADERS, PAGE_POLICY, UNFORESEEN, Problem
from aisi_kg.web.site import Site
from aisi_kg.web.sparql import LOG_KEY, METHODS, SparqlEndpoint

__all__ = ["Frame"]

_LOGGER = logging.getLogger(__name__)

_PREFLIGHT = {
    "Access-Control-Allow-Headers": (
        "Accept, Accept-Encoding, Content-Type, If-Match, If-None-Match, If-Range, Range"
    ),
    "Access-Control-Max-Age": "86400",
}
_POLICY = "Content-Security-Policy"
_SPARQL = "/sparql"
#: What answers POST.
_POSTED = re.compile(r"/sparql|/reconcile(/[a-z]+)?")
_ENDINGS = ("", ".csv", ".html", ".json", ".md")
#: The first parts of paths that the log may name; of others it says only that they were others.
_ROUTES = frozenset(
    [
        ".well-known",
        *(f"dump.{each.extension}{end}" for each in GRAPH_FORMATS for end in ("", ".gz")),
        "about",
        "api",
        "challenges",
        "cite",
        "claim",
        "claims",
        *(f"compare{end}" for end in (*_ENDINGS, ".xlsx")),
        "embed",
        *(f"changes{end}" for end in ("", ".atom")),
        *(f"{page}{end}" for page in ("contradictions", "network", "timeline") for end in _ENDINGS),
        *(f"{page}.svg" for page in ("network", "timeline")),
        "entity",
        *(f"explain{end}" for end in ("", ".html", ".json")),
        "footnotes",
        "graph",
        "healthz",
        "institutes",
        "llms.txt",
        "metrics",
        "ontology",
        "openapi.json",
        "publication",
        "publications",
        "queries",
        "rdf-graphs",
        "reconcile",
        "robots.txt",
        *(f"search{end}" for end in ("", ".html", ".json")),
        "sitemap.xml",
        "source",
        "sparql",
        "static",
        "suggest.json",
        "tables",
    ]
)


def _complete(headers: MutableHeaders, status: int) -> None:
    """Add what is on every answer to the headers of one; what a handler has set itself stays."""
    if "x-content-type-options" in headers:
        return
    added = COMMON_HEADERS
    if status == HTTPStatus.NOT_MODIFIED:
        # Its headers take the place of those that a browser has kept (RFC 9111, section 3.2), and which
        # policy came with what it has is not known here.
        added = {name: value for name, value in added.items() if name != _POLICY}
    elif headers.get("content-type", "").startswith("text/html"):
        headers.setdefault(_POLICY, PAGE_POLICY)
    for name, value in added.items():
        headers.setdefault(name, value)


class _Sending:
    """Send an answer with what is on every answer, or withhold it where ``If-Match`` wants another.

    :param request: the request.
    :param send: takes the answer.
    """

    def __init__(self, request: Request, send: Send) -> None:
        self._request = request
        self._send = send
        #: The status that was sent; 0 before that.
        self.status = 0
        #: The client wants only what it has a tag of, and this is not that.
        self.is_withheld = False

    async def __call__(self, message: Message) -> None:
        """Take a part of the answer."""
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            self.is_withheld = self._is_unwanted(headers, message["status"])
            if not self.is_withheld:
                self.status = message["status"]
                _complete(headers, self.status)
        if not self.is_withheld:
            await self._send(message)

    def _is_unwanted(self, headers: Headers, status: int) -> bool:
        wanted = field_value(self._request.headers, "if-match")
        if wanted is None or self._request.method not in ("GET", "HEAD"):
            return False
        # Of an answer that is none of these, RFC 9110 (section 13.2.1) has the condition ignored.
        if status not in (HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT, HTTPStatus.NOT_MODIFIED):
            return False
        tag = headers.get("etag", "")
        tags = [each.strip() for each in wanted.split(",")]
        # A weak tag does not vouch for bytes.
        return "*" not in tags and not (tag.startswith('"') and tag in tags)


def _has_query(scope: Scope) -> bool:
    """Tell whether the endpoint may be asked a query; what it answers then it keeps and compresses itself."""
    if scope["path"] != _SPARQL:
        return False
    # A name of a parameter may be encoded, too.
    sent: bytes = scope["query_string"]
    return scope["method"] == "POST" or any(mark in sent for mark in (b"query", b"update", b"%"))


class Frame:
    """Bound URLs, answer OPTIONS and If-Match, put the common headers on every answer, count it and log it.

    :param app: answers everything but SPARQL, and is told of the beginning and the end.
    :param sparql: answers SPARQL.
    :param site: what handlers need.
    """

    def __init__(self, app: ASGIApp, sparql: SparqlEndpoint, site: Site) -> None:
        self._app = app
        self._pages = KeptPages(self._made, site)
        self._sparql = sparql
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or have it answered.

        :param scope: what the request is.
        :param receive: gives its body.
        :param send: takes the answer.
        """
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # Where handlers find the site (see site_of), whether FastAPI calls them or not.
        scope["app"] = self._app
        connection: Connection | None = scope.get(CONNECTION_KEY)
        if connection is not None:
            connection.begin(scope)
        started = time.perf_counter()
        request = Request(scope)
        framed = _Sending(request, send)
        outcome = ""
        try:
            response = self._at_once(request)
            await (response or (self._sparql if _has_query(scope) else self._pages))(scope, receive, framed)
            if framed.is_withheld:
                detail = "What is here now has another tag than those in If-Match; ask without it."
                problem = Problem(HTTPStatus.PRECONDITION_FAILED, "precondition-failed", detail)
                await problem_response(request, problem)(scope, receive, framed)
        except asyncio.CancelledError:
            if connection is None or not connection.is_lost:
                raise
            # After an answer that was sent in full there is nothing to miss, such as the closing of a file.
            outcome = "sent" if connection.has_answered else "client-left"
        except AnswerCut:
            outcome = "cut"
            if connection is None:
                raise
            connection.abort()
        except Exception:
            _LOGGER.exception("A request met a fault of the program:")
            self._site.metrics.add("server_errors")
            outcome = "fault"
            await self._apologise(scope, receive, framed, connection, begun=framed.status != 0)
        self._record(scope, framed.status, outcome, time.perf_counter() - started)

    async def _made(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Make what pages are kept of: the page that queries are written on is the endpoint's."""
        await (self._sparql if scope["path"] == _SPARQL else self._app)(scope, receive, send)

    async def _apologise(
        self, scope: Scope, receive: Receive, send: Send, connection: Connection | None, *, begun: bool
    ) -> None:
        if not begun:
            problem = Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal-error", UNFORESEEN)
            await problem_response(Request(scope), problem)(scope, receive, send)
        elif connection is not None:
            connection.abort()

    def _record(self, scope: Scope, status: int, outcome: str, seconds: float) -> None:
        more = scope.get(LOG_KEY, {})
        status = more.pop("status", status)
        outcome = more.pop("outcome", outcome) or outcome or "sent"
        part = scope["path"].split("/", 2)[1]
        route = "/" + (part if part in _ROUTES or not part else "…")
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._site.metrics.add("requests")
        self._site.log.write(self._site.log.tail(method, route, status, outcome, **more), seconds)

    def _at_once(self, request: Request) -> ASGIApp | None:
        limit = self._site.settings.max_url_bytes
        if len(request.scope["raw_path"]) + len(request.scope["query_string"]) > limit:
            detail = f"The URL is longer than {limit} bytes; send a long query by POST."
            problem = Problem(HTTPStatus.REQUEST_URI_TOO_LONG, "url-too-long", detail, limit_bytes=limit)
            return problem_response(request, problem)
        headers = request.scope["headers"]
        if sum(name in (b"content-length", b"transfer-encoding") for name, _ in headers) > 1:
            # Two readers may see its end at two places, and one of them a second request behind it.
            detail = "A request has a Content-Length or a Transfer-Encoding, and this one has both."
            problem = Problem(HTTPStatus.BAD_REQUEST, "conflicting-framing", detail, {"Connection": "close"})
            return problem_response(request, problem)
        if request.method == "OPTIONS":
            methods = ", ".join(METHODS if _POSTED.fullmatch(request.scope["path"]) else METHODS[:3])
            allowed = {"Allow": methods, "Access-Control-Allow-Methods": methods, **_PREFLIGHT}
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=allowed)
        return None
