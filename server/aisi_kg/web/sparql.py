"""Answer the SPARQL 1.1 Protocol at ``/sparql``: queries by GET and by both kinds of POST.

A request without a query gets the description of the service, or a form to write a query in.

This is an application of its own and not a route of FastAPI's, which takes longer than most queries do.
"""

import hashlib
from collections.abc import Awaitable, Sequence
from functools import lru_cache
from http import HTTPStatus

from fastapi.responses import Response
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from aisi_kg.errors import AisiKgError
from aisi_kg.store.compression import Encoding
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.results import GRAPH_FORMATS, RESULT_FORMATS, Choice, Format, find_format
from aisi_kg.web.cache import AnswerKey, Head, KeptAnswer, Shortcut
from aisi_kg.web.connection import BEGUN_KEY, CONNECTION_KEY, Connection
from aisi_kg.web.editor import editor_page
from aisi_kg.web.evaluator import AnswerCut, Answering, gather
from aisi_kg.web.headers import is_known
from aisi_kg.web.language import page_language
from aisi_kg.web.negotiation import (
    GZIP,
    HTML,
    IDENTITY,
    best,
    best_coding,
    field_value,
    parse_accept,
)
from aisi_kg.web.pages import tagged
from aisi_kg.web.problem_answers import problem_response
from aisi_kg.web.problems import COMMON_HEADERS, Problem, problem_of
from aisi_kg.web.requests import content_type, parse_form, query_string, read_body
from aisi_kg.web.service_description import describe_service
from aisi_kg.web.site import Site, client_of

__all__ = [
    "LOG_KEY",
    "METHODS",
    "Parameters",
    "SparqlEndpoint",
    "answer_digest",
    "answer_key",
    "entity_tag",
    "is_volatile",
]

#: Where the endpoint leaves in the scope what the log is to say of a query.
LOG_KEY = "kg_log"
# And what a page about a refused query shows of it.
_TEXT_KEY = "kg_query"
#: What the endpoint answers.
METHODS = ("GET", "HEAD", "OPTIONS", "POST")

_QUERY_TYPE = "application/sparql-query"
_FORM_TYPE = "application/x-www-form-urlencoded"
_UPDATE_TYPE = "application/sparql-update"
_ZSTD = "zstd"
# Longer values of a header are somebody's own, and are not remembered.
_LONGEST = 300

Parameters = Sequence[tuple[str, str]]
_COMMON = [(name.lower().encode(), value.encode()) for name, value in COMMON_HEADERS.items()]


class SparqlEndpoint:
    """Answer at ``/sparql``.

    :param site: what handlers need.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._heads: dict[tuple[str, str, bool], Head] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request.

        :param scope: what the request is.
        :param receive: gives its body.
        :param send: takes the answer.
        :raises AnswerCut: if the answer had begun and its rest will not come.
        """
        request = Request(scope, receive)
        try:
            response = await self._respond(request, scope, send)
        except Problem as problem:
            response = problem_response(request, problem)
        except AisiKgError as error:
            response = problem_response(request, problem_of(error), scope.get(_TEXT_KEY, ""))
        if response is not None:
            await response(scope, receive, send)

    async def _respond(self, request: Request, scope: Scope, send: Send) -> Response | None:
        """Answer a request, or give the response that is still to be sent."""
        method = scope["method"]
        if method not in METHODS:
            raise Problem(
                HTTPStatus.METHOD_NOT_ALLOWED,
                "method-not-allowed",
                f"This address does not answer {method}; see the header Allow.",
                {"Allow": ", ".join(METHODS)},
            )
        if method == "POST":
            query, parameters = await self._read_post(request)
        else:
            parameters = query_string(request)
            if not any(name in ("query", "update") for name, _ in parameters):
                return await _without_query(request, self._site, parameters)
            query = self.read_query(parameters, parameters)
        scope[_TEXT_KEY] = query.text
        accept, encodings = (field_value(request.headers, name) for name in ("accept", "accept-encoding"))
        key = answer_key(query, parameters, accept, encodings)
        await self._answer(request, key, send)
        return None

    async def _read_post(self, request: Request) -> tuple[QueryRequest, Parameters]:
        """Read a query in a body."""
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
        body = await read_body(request, self._site.settings.max_body_bytes)
        if any(name == "query" for name, _ in in_url):
            detail = "A POST has its query in the body, and this one has one in the URL; leave that out."
            raise Problem(HTTPStatus.BAD_REQUEST, "query-in-url", detail)
        if media_type == _FORM_TYPE:
            parameters = [*parse_form(body, "form"), *in_url]
            return self.read_query(parameters, parameters), parameters
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError as error:
            detail = f"The query is not UTF-8 (byte {error.start}); encode it as UTF-8."
            raise Problem(HTTPStatus.BAD_REQUEST, "not-utf-8", detail) from error
        return self.read_query([("query", text)], in_url), in_url

    def read_query(self, text_from: Parameters, dataset_from: Parameters) -> QueryRequest:
        """Read a query and its dataset from a request's parameters.

        :param text_from: the parameters that hold the query.
        :param dataset_from: the parameters that name graphs.
        :returns: the query.
        :raises Problem: if there is not one query, or it is too long.
        """
        if len(text_from) == 1 and text_from is dataset_from and text_from[0][0] == "query":
            # As most requests are; the rest takes a while beside a short query.
            return QueryRequest(self._bounded(text_from[0][1]))
        if any(name == "update" for name, _ in (*text_from, *dataset_from)):
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
            self._bounded(texts[0]),
            tuple(value for name, value in dataset_from if name == "default-graph-uri"),
            tuple(value for name, value in dataset_from if name == "named-graph-uri"),
        )

    def _bounded(self, text: str) -> str:
        """Refuse a query that is too long."""
        limit = self._site.settings.max_query_bytes
        # No character has more than four bytes; the length in bytes is seldom needed.
        longest = 4 * len(text)
        if longest > limit and len(text.encode("utf-8", "replace")) > limit:
            detail = f"The query is longer than {limit} bytes, which is the most that is evaluated."
            raise Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "query-too-long", detail, limit_bytes=limit)
        return text

    async def _answer(self, request: Request, key: AnswerKey, send: Send) -> None:
        site = self._site
        digest = answer_digest(site.dataset.version, key)
        request.scope[LOG_KEY] = log = {"query": digest[:12], "rows": 0}
        is_lasting = not is_volatile(key)
        tag = entity_tag(digest) if is_lasting else None
        known = tag if tag is not None and is_known(request, tag) else None
        # A tag is known from an answer. Whether a query has any answer shows only when it is evaluated.
        if known is not None and request.headers["if-none-match"].strip() != "*":
            await self._send_not_modified(request, known, send)
            return
        if tag is not None:
            kept = site.cache.get(digest)
            if kept is not None and known is not None:
                await self._send_not_modified(request, known, send)
                return
            if kept is not None:
                site.metrics.add("hits")
                log["outcome"] = "kept"
                self._remember(request, kept)
                await self._send_kept(request, kept, send)
                return
        begun: Awaitable[Answering] | None = request.scope.pop(BEGUN_KEY, None)
        answering = await (
            begun
            or site.evaluator.answer(
                key.request, key.choice, encoding=key.encoding, client=client_of(request, site.settings)
            )
        )
        if known is not None:
            answering.close()
            await self._send_not_modified(request, known, send)
            return
        try:
            head = self._head(answering, is_lasting=is_lasting)
            whole = answering.whole
            if whole is None and request.scope.get("http_version") == "1.0":
                whole = await gather(answering)
            is_sent = whole is not None
            if whole is None:
                tags = [] if tag is None else [(b"etag", tag.encode())]
                whole = await self._stream(request, answering, [*head.fields, *tags], send)
            log["rows"] = answering.rows
        finally:
            answering.close()
        if whole is None:
            return
        written = self.written(answering, digest, whole, is_lasting=is_lasting)
        if is_sent:
            await self._send_kept(request, written, send)
        if is_lasting:
            self.keep(written, answering.rows)
            self._remember(request, written)

    def _head(self, answering: Answering, *, is_lasting: bool) -> Head:
        """Give the header fields of an answer, but for its tag and its length."""
        format_, encoding = answering.format, answering.encoding
        kind = (format_.name, encoding, is_lasting)
        head = self._heads.get(kind)
        if head is None:
            fields = [*_COMMON, (b"content-type", format_.content_type.encode())]
            if encoding:
                fields.append((b"content-encoding", encoding.encode()))
            head = self._heads[kind] = Head.of([*fields, *self._lasting(is_lasting=is_lasting)])
        return head

    def written(self, answering: Answering, digest: str, whole: bytes, *, is_lasting: bool) -> KeptAnswer:
        """Make an answer ready to be sent, now and again.

        :param answering: the answer, at its end.
        :param digest: what names it, from :func:`answer_digest`.
        :param whole: all of its bytes.
        :param is_lasting: whether the same answer is given next time.
        :returns: the answer.
        """
        tag = entity_tag(digest) if is_lasting else None
        return KeptAnswer(digest, self._head(answering, is_lasting=is_lasting), tag, whole)

    def keep(self, answer: KeptAnswer, rows: int) -> None:
        """Keep an answer where it is small enough.

        :param answer: the answer, which is the same next time.
        :param rows: how many rows or triples it has.
        """
        site = self._site
        if site.cache.takes(len(answer.wire)):
            answer.log = site.log.tail("GET", "/sparql", 200, "kept", answer.digest[:12], rows)
            site.cache.put(answer)

    async def _send_not_modified(self, request: Request, tag: str, send: Send) -> None:
        request.scope[LOG_KEY]["outcome"] = "not-modified"
        headers = [*_COMMON, (b"etag", tag.encode()), *self._lasting(is_lasting=True)]
        await _send_whole(send, HTTPStatus.NOT_MODIFIED, headers, b"")

    async def _send_kept(self, request: Request, kept: KeptAnswer, send: Send) -> None:
        connection: Connection | None = request.scope.get(CONNECTION_KEY)
        # What is sent past the application is not held against If-Match.
        is_plain = request.scope["method"] != "HEAD" and "if-match" not in request.headers
        if connection is not None and is_plain:
            request.scope[LOG_KEY]["status"] = int(HTTPStatus.OK)
            await connection.send_kept(kept, request.scope)
        else:
            await _send_whole(send, HTTPStatus.OK, kept.headers, kept.body)

    async def _stream(
        self, request: Request, answering: Answering, headers: list[tuple[bytes, bytes]], send: Send
    ) -> bytes | None:
        """Send an answer in blocks; give all of its bytes where they may be kept."""
        await send({"type": "http.response.start", "status": int(HTTPStatus.OK), "headers": headers})
        if request.method == "HEAD":
            # What it would have said; its length is not known before the end.
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return None
        blocks: list[bytes] | None = []
        size = 0
        try:
            async for block in answering:
                size += len(block)
                if blocks is not None:
                    blocks.append(block)
                    if not self._site.cache.takes(size):
                        blocks = None
                await send({"type": "http.response.body", "body": block, "more_body": True})
        except AisiKgError as error:
            request.scope[LOG_KEY]["outcome"] = getattr(error, "code", "cut")
            raise AnswerCut from error
        await send({"type": "http.response.body", "body": b"", "more_body": False})
        return None if blocks is None else b"".join(blocks)

    def _lasting(self, *, is_lasting: bool) -> list[tuple[bytes, bytes]]:
        age = b"no-store" if not is_lasting else b"public, max-age=%d" % self._site.settings.cache_age_s
        return [(b"cache-control", age), (b"vary", b"Accept, Accept-Encoding")]

    def _remember(self, request: Request, kept: KeptAnswer) -> None:
        """Have the same request answered from its connection next time."""
        scope = request.scope
        if scope["method"] != "GET":
            return
        accept = b",".join(value for name, value in scope["headers"] if name == b"accept")
        encodings = b",".join(value for name, value in scope["headers"] if name == b"accept-encoding")
        url = scope["raw_path"] + b"?" + scope["query_string"]
        self._site.cache.add_shortcut(Shortcut(url, accept, encodings), kept)


async def _send_whole(
    send: Send, status: HTTPStatus, headers: list[tuple[bytes, bytes]], body: bytes
) -> None:
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


def entity_tag(digest: str) -> str:
    """Write the tag of an answer.

    :param digest: what names the answer.
    :returns: the value of ``ETag``.
    """
    return f'"{digest[:32]}"'


def is_volatile(key: AnswerKey) -> bool:
    """Tell whether an answer may be another one next time, though the dataset is the same.

    :param key: which answer it is.
    :returns: whether the query calls, or may call, what gives another value each time.
    """
    # Where one of these stands in a string or a name, the answer is not kept either.
    text = key.request.text.casefold()
    # Written out, which takes half of the time of a loop.
    return "rand" in text or "now" in text or "uuid" in text or "bnode" in text or "service" in text


def answer_key(
    query: QueryRequest, parameters: Parameters, accept: str | None, encodings: str | None
) -> AnswerKey:
    """Say which answer a request asks for.

    :param query: the query.
    :param parameters: the request's parameters; ``format`` counts.
    :param accept: the value of ``Accept``.
    :param encodings: the value of ``Accept-Encoding``.
    :returns: the query and how its answer is to be written.
    :raises Problem: if it cannot be written so.
    """
    return AnswerKey(query, _choice(accept, parameters), _coding(encodings))


def answer_digest(version: str, key: AnswerKey) -> str:
    """Name an answer: the same for the same query, dataset, format and version, and for nothing else.

    :param version: the version of the dataset.
    :param key: which answer it is.
    :returns: hexadecimal digits.
    """
    request, choice, encoding = key
    parts = (
        version,
        # Its length says where it ends: it may hold any character, the separator too.
        f"{len(request.text)}",
        request.text,
        *request.default_graphs,
        # Marks where one list ends and the next begins.
        "",
        *request.named_graphs,
        "",
        *(f"{name} {term}" for name, term in request.bindings),
        f"{choice.result} {choice.graph} {encoding}",
    )
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _update_refused() -> Problem:
    detail = "This dataset is read-only: SPARQL Update is not offered; send a query."
    return Problem(HTTPStatus.FORBIDDEN, "update-refused", detail)


def _choice(accept: str | None, parameters: Parameters) -> Choice:
    """Choose a format for each kind of result: by the parameter ``format``, else by ``Accept``."""
    asked = _asked_format(parameters)
    if asked is None:
        return (
            _accepted(accept) if accept is None or len(accept) < _LONGEST else _accepted.__wrapped__(accept)
        )
    result, graph = find_format(asked, RESULT_FORMATS), find_format(asked, GRAPH_FORMATS)
    if result is None and graph is None:
        raise _unknown_format(asked, (*RESULT_FORMATS, *GRAPH_FORMATS))
    return Choice(result.name if result else None, graph.name if graph else None)


@lru_cache(maxsize=512)
def _accepted(accept: str | None) -> Choice:
    """Choose by ``Accept``; few values of it are common, and reading one takes as long as a short query."""
    ranges = parse_accept(accept)
    result, graph = best(RESULT_FORMATS, ranges), best(GRAPH_FORMATS, ranges)
    if result is None and graph is None:
        offered = tuple(format_.media_type for format_ in (*RESULT_FORMATS, *GRAPH_FORMATS))
        detail = f"Nothing in Accept can be written here; ask for one of {', '.join(offered)}."
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, "not-acceptable", detail, offered=offered)
    return Choice(result.name if result else None, graph.name if graph else None)


@lru_cache(maxsize=512)
def _common_coding(header: str | None) -> Encoding:
    # Of equals, the one that is smaller and made faster. A client that refuses everything gets it as it is.
    chosen = best_coding((_ZSTD, GZIP, IDENTITY), header)
    return "zstd" if chosen == _ZSTD else "gzip" if chosen == GZIP else ""


def _coding(header: str | None) -> Encoding:
    """Choose the compression by ``Accept-Encoding``."""
    is_common = header is None or len(header) < _LONGEST
    return _common_coding(header) if is_common else _common_coding.__wrapped__(header)


def _asked_format(parameters: Parameters) -> str | None:
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


async def _without_query(request: Request, site: Site, parameters: Parameters) -> Response:
    """Describe the service, or show the page to write a query on."""
    asked = _asked_format(parameters)
    formats = (*GRAPH_FORMATS, HTML)
    if asked is None:
        format_ = best(formats, parse_accept(field_value(request.headers, "accept")))
    else:
        format_ = find_format(asked, formats)
        if format_ is None:
            raise _unknown_format(asked, formats)
    if format_ is None:
        offered = tuple(each.media_type for each in formats)
        detail = f"This service is described in {', '.join(offered)}; ask for one of them."
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, "not-acceptable", detail, offered=offered)
    if format_ is HTML:
        return editor_page(request, page_language(request, parameters))
    body = await describe_service(request, format_, site.settings.limits())
    return tagged(request, format_, body, request.url.path, ())
