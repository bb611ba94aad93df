"""Speak HTTP on one connection: uvicorn's protocol with bounds, and a short way for answers that are kept.

uvicorn's has no limit for a client that sends its request a byte at a time or a head without end, takes a
request with two framings, loses what follows an offer of another protocol, and does not tell an application
that its client has left. And the way of a request through an application takes longer than most queries, so
that what the cache holds is sent from here.
"""

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Protocol, cast

import httptools
import uvicorn
from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from aisi_kg.web.access_log import AccessLog
from aisi_kg.web.cache import AnswerCache, KeptAnswer, Shortcut
from aisi_kg.web.evaluator import Answering
from aisi_kg.web.metrics import Metrics
from aisi_kg.web.problems import COMMON_HEADERS, problem_content

__all__ = ["BEGUN_KEY", "CONNECTION_KEY", "Asked", "Connection", "ConnectionConfig"]

#: Where an application finds the connection in its scope.
CONNECTION_KEY = "kg_connection"
#: Where it finds there the answer that was asked for before it.
BEGUN_KEY = "kg_begun"
# Where the connection finds what of its state belongs to a request: others may wait behind that one.
_CYCLE_KEY = "kg_cycle"

# Header fields with which a request is not the plain one that a kept answer is sent to at once.
_SPECIAL = frozenset(
    [
        b"if-match",
        b"if-none-match",
        b"content-length",
        b"transfer-encoding",
        b"expect",
        b"upgrade",
        b"connection",
        b"range",
    ]
)
_OK = b"HTTP/1.1 200 OK\r\n"
_VERSIONS = ("1.0", "1.1")
_FRAMING = (b"content-length", b"transfer-encoding")
# The client has this long to read why it was refused.
_LINGER_S = 1.0
# A client that sends no more has this long until its answer begins; one that has left looks the same.
_HALF_CLOSED_S = 1.0
# What a header has beside its name and value.
_HEADER_BYTES = len(b": \r\n")
_LINGER_NOT = struct.pack("ii", 1, 0)


class ConnectionConfig(uvicorn.Config):
    """Configure the server, and give its connections what they need.

    :param app: the application.
    :param cache: answers that are kept.
    :param metrics: where requests are counted.
    :param log: where requests are written.
    :param request_timeout_s: seconds in which a request has to arrive, and a client has to take a block.
    :param keep_alive_s: seconds after which an idle connection is closed.
    :param connections: the most connections.
    :param head_bytes: length of the longest head of a request: its URL and its headers.
    :param take: answers a plain query past the application, or says that it does not.
    """

    def __init__(
        self,
        app: Any,
        *,
        cache: AnswerCache,
        metrics: Metrics,
        log: AccessLog,
        request_timeout_s: float,
        keep_alive_s: float,
        connections: int,
        head_bytes: int,
        take: "Callable[[Connection, Shortcut], bool] | None" = None,
    ) -> None:
        super().__init__(
            app,
            http=Connection,
            loop="uvloop",
            ws="none",
            lifespan="off",
            log_level="critical",
            access_log=False,
            server_header=False,
            proxy_headers=False,
            # Looked after by check(), without a timer for each request.
            timeout_keep_alive=24 * 3600,
        )
        self.cache = cache
        self.metrics = metrics
        self.log = log
        self.request_timeout_s = request_timeout_s
        self.keep_alive_s = keep_alive_s
        self.connections = connections
        self.head_bytes = head_bytes
        self.take = take


class _RefusedError(Exception):
    """End the reading of a request that is not to be answered."""

    def __init__(self, status: HTTPStatus, code: str, detail: str) -> None:
        super().__init__(status, code, detail)
        self.reason = (status, code, detail)


class Asked(Protocol):
    """Hold a request that is answered past the application."""

    def answering(self) -> Awaitable[Answering]:
        """Give what the application waits for, where it is to answer after all."""

    def forget(self) -> None:
        """Learn that the client has left."""


class Connection(HttpToolsProtocol):
    """Hold one connection."""

    config: ConnectionConfig

    def __init__(
        self,
        config: ConnectionConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._task: asyncio.Task[Any] | None = None
        self._answered: RequestResponseCycle | None = None
        #: The client has left.
        self.is_lost = False
        self._drained_after_s: float | None = None
        #: The request that is answered past the application.
        self.asked: Asked | None = None
        self._kept: KeptAnswer | None = None
        self._plain: Shortcut | None = None
        # A request is being read, and of it the head.
        self._is_reading = self._is_in_head = False
        self._head_bytes = 0
        # Bytes that came and brought neither the end of a head nor a part of a body.
        self._idle_bytes = 0
        self._is_resumed = False
        self._is_ending = False
        # The client has said that it sends no more.
        self._is_half_closed = False
        #: When it last began to wait for something.
        self.since = self.loop.time()
        self._stalled_since: float | None = None
        self._dated: list[tuple[bytes, bytes]] | None = None
        self._date = b""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a connection, or, where there are too many, let one go that is idle."""
        if len(self.connections) >= self.config.connections:
            idle = [each for each in self.connections if isinstance(each, Connection) and each.is_idle]
            if not idle:
                transport.abort()
                self.transport = transport
                return
            min(idle, key=lambda each: each.since).transport.close()
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Learn that the connection is closed, and end what was done for it."""
        self.is_lost = True
        if self in self.connections:
            super().connection_lost(exc)
        if self._answered is not None and not self._answered.response_complete:
            self._answered.disconnected = True
        if self._task is not None and not self._task.done():
            self._task.cancel()
        if self.asked is not None:
            self.asked.forget()

    def begin(self, scope: Mapping[str, Any]) -> None:
        """Learn that this task answers a request, and is to be ended when the client leaves.

        :param scope: the request's scope.
        """
        self._task, self._answered = asyncio.current_task(), scope[_CYCLE_KEY]

    def eof_received(self) -> bool:  # type: ignore[override]
        """Learn that the client sends no more: it may have left, or wait for its answer still.

        :returns: whether the connection stays open; where the client has left, writing to it will tell.
        """
        if self._is_ending or self._is_reading or not self._is_answering:
            return False
        self._is_half_closed = True
        self.loop.call_later(_HALF_CLOSED_S, self._leave)
        return True

    def _leave(self) -> None:
        """Take a client that sends no more for one that has left, unless its answer has begun."""
        if self._is_answering and (self.asked is not None or not self.cycle.response_started):
            self.transport.close()

    @property
    def has_answered(self) -> bool:
        """Tell whether the request that was begun last has its whole answer."""
        return self._answered is not None and self._answered.response_complete

    @property
    def is_idle(self) -> bool:
        """Tell whether no request is read or answered; a client that has sent nothing yet is idle too."""
        return self._is_ending or not (self._is_reading or self._is_answering)

    @property
    def _is_answering(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return self.asked is not None or (cycle is not None and not cycle.response_complete)

    def data_received(self, data: bytes) -> None:
        """Take bytes of a request."""
        if self._is_ending:
            return
        self._idle_bytes += len(data)
        while data:
            try:
                self.parser.feed_data(data)
                break
            except httptools.HttpParserUpgrade as upgrade:
                # No other protocol is spoken here, so that the offer of one changes nothing.
                data = data[upgrade.args[0] :]
                self._resume()
            except httptools.HttpParserError as error:
                self._refuse(*_reason_of(error))
                return
        if self._is_reading and self._idle_bytes > self.config.head_bytes:
            self._refuse(*_too_long(self.url, self.config.head_bytes))

    def _resume(self) -> None:
        """Read on behind a head that offers another protocol, where the parser stops for good."""
        self.parser = httptools.HttpRequestParser(self)
        framing = b"".join(b"%b: %b\r\n" % header for header in self.headers if header[0] in _FRAMING)
        if framing and self._is_reading:
            self._is_resumed = True
            self.parser.feed_data(b"POST / HTTP/1.1\r\n" + framing + b"\r\n")
            self._is_resumed = False

    def check(self, now: float) -> None:
        """Close the connection where its client is too slow or has nothing to ask.

        :param now: the event loop's time.
        """
        limit, patience = self.config.keep_alive_s, self.config.request_timeout_s
        if self._is_ending:
            if now - self.since > _LINGER_S:
                self.transport.abort()
        elif self._stalled_since is not None and now - self._stalled_since > patience:
            self.abort()
        elif self._is_reading and now - self.since > patience:
            self._refuse(
                HTTPStatus.REQUEST_TIMEOUT, "request-timeout", "The request took too long to arrive."
            )
        elif self.is_idle and now - self.since > (
            limit if self._drained_after_s is None else self._drained_after_s
        ):
            self.transport.close()

    def drain(self, after_s: float) -> None:
        """Take one more request at most: its answer says that it is the last.

        :param after_s: seconds without a request after which the connection is closed.
        """
        self._drained_after_s = after_s
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None:
            cycle.keep_alive = False

    def abort(self) -> None:
        """Close the connection so that the client sees that something is missing."""
        with_socket = self.transport.get_extra_info("socket")
        if with_socket is not None:
            with suppress(OSError):
                with_socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        self.transport.abort()

    def pause_writing(self) -> None:
        """Learn that the client does not take what it is sent."""
        self._stalled_since = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        """Learn that it does again."""
        self._stalled_since = None
        super().resume_writing()

    def on_message_begin(self) -> None:
        """Begin to read a request; its scope is made when it is known to be needed."""
        if self._is_resumed:
            return
        # A client that does not wait for its answer has it in turn, which the application sees to.
        self.hand_over()
        self.url = b""
        self.headers = []
        self.expect_100_continue = False
        self._is_reading = self._is_in_head = True
        self._head_bytes = self._idle_bytes = 0
        self._kept = self._plain = None
        self.since = self.loop.time()

    def on_url(self, url: bytes) -> None:
        """Take a part of the URL."""
        if not self._is_resumed:
            self.url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; what comes behind the body is none, and nothing here asks for it."""
        if not self._is_in_head:
            return
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self.expect_100_continue = True
        self._head_bytes += len(name) + len(value) + _HEADER_BYTES
        self.headers.append((name, value))

    def on_headers_complete(self) -> None:
        """Find a kept answer for a plain request, or have the application answer."""
        if self._is_resumed:
            return
        self._idle_bytes = 0
        if self._head_bytes + len(self.url) > self.config.head_bytes:
            raise _RefusedError(*_too_long(self.url, self.config.head_bytes))
        kept = self._find()
        if kept is not None:
            self._is_in_head = False
            self._kept = kept
            return
        if self._plain is not None:
            # It may be answered past the application, once it is complete.
            self._is_in_head = False
            return
        self._to_application()

    def _to_application(self) -> None:
        """Make a scope of the request and have the application answer it."""
        self._check_framing()
        # A client of HTTP/1.0 would take that it may go on for the answer.
        expected = self.expect_100_continue and self.parser.get_http_version() != "1.0"
        url, headers = self.url, self.headers
        super().on_message_begin()
        self.url, self.headers, self.expect_100_continue = url, headers, expected
        scope: dict[str, Any] = self.scope  # type: ignore[assignment]
        scope["headers"] = headers
        scope[CONNECTION_KEY] = self
        super().on_headers_complete()
        self._is_in_head = False
        # The connection may have read further requests by the time that this one is answered.
        scope[_CYCLE_KEY] = self.cycle
        if self._drained_after_s is not None:
            self.cycle.keep_alive = False

    def _find(self) -> KeptAnswer | None:
        if self._drained_after_s is not None or self._is_answering or self.flow.write_paused:
            return None
        accept = encodings = b""
        hosts = 0
        for name, value in self.headers:
            if name == b"accept":
                accept = accept + b"," + value if accept else value
            elif name == b"accept-encoding":
                encodings = encodings + b"," + value if encodings else value
            elif name == b"host":
                hosts += 1
            elif name in _SPECIAL and not (name == b"connection" and value.lower() == b"keep-alive"):
                return None
        if hosts != 1 or self.parser.get_method() != b"GET" or self.parser.get_http_version() != "1.1":
            return None
        shortcut = Shortcut(self.url, accept, encodings)
        kept = self.config.cache.by_shortcut(shortcut)
        if kept is None and self.url.startswith(b"/sparql?") and self.config.take is not None:
            self._plain = shortcut
        return kept

    def _check_framing(self) -> None:
        version = self.parser.get_http_version()
        if version not in _VERSIONS:
            detail = "This server speaks HTTP/1.1 and HTTP/1.0."
            raise _RefusedError(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "unknown-version", detail)
        names = [name for name, _ in self.headers]
        if sum(map(names.count, _FRAMING)) > 1:
            # Two readers may see its end at two places, and one of them a second request behind it.
            detail = "A request has one Content-Length or one Transfer-Encoding, and this one has more."
            raise _RefusedError(HTTPStatus.BAD_REQUEST, "conflicting-framing", detail)
        if b"transfer-encoding" in names:
            coding = next(value for name, value in self.headers if name == b"transfer-encoding")
            if version == "1.0" or coding.strip().lower() != b"chunked":
                detail = "Transfer-Encoding is chunked and nothing else, and HTTP/1.0 does not have it."
                raise _RefusedError(HTTPStatus.BAD_REQUEST, "conflicting-framing", detail)
        if names.count(b"host") > 1 or (version == "1.1" and b"host" not in names):
            detail = "A request names its host once."
            raise _RefusedError(HTTPStatus.BAD_REQUEST, "conflicting-framing", detail)

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self._idle_bytes = 0
        if self._kept is None:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """Learn that the request is complete, and answer a plain one."""
        if self.parser.should_upgrade() and any(name in _FRAMING for name, _ in self.headers):
            # Its body is still to come (see _resume).
            return
        self._is_reading = False
        self.since = self.loop.time()
        kept, plain = self._kept, self._plain
        if kept is None:
            if plain is not None:
                self._plain = None
                if self.config.take is not None and self.config.take(self, plain):
                    return
                self._to_application()
            super().on_message_complete()
            return
        self._kept = None
        self.transport.write(self._start() + kept.wire)
        self.config.metrics.add("requests")
        self.config.metrics.add("hits")
        self.config.log.write(kept.log, 0.0)

    def send_asked(self, kept: KeptAnswer) -> None:
        """Answer the request that was taken past the application.

        :param kept: the answer.
        """
        self.asked = None
        self.since = self.loop.time()
        is_last = self._drained_after_s is not None
        self.transport.write(self._start() + (b"connection: close\r\n" if is_last else b"") + kept.wire)
        if is_last or self._is_half_closed:
            self.transport.close()

    def hand_over(self) -> None:
        """Have the application answer the request that was taken past it."""
        asked, self.asked = self.asked, None
        if asked is not None:
            self._to_application()
            cast("dict[str, Any]", self.scope)[BEGUN_KEY] = asked.answering()
            super().on_message_complete()

    def _start(self) -> bytes:
        """Write the status line and the date, which changes every second."""
        dated = self.server_state.default_headers
        if dated is not self._dated:
            self._dated = dated
            self._date = _OK + b"".join(b"%b: %b\r\n" % header for header in dated)
        return self._date

    async def send_kept(self, kept: KeptAnswer, scope: Scope) -> None:
        """Answer a request that the application was asked for, in one piece and past the application.

        :param kept: the answer.
        :param scope: the request's scope.
        """
        cycle: RequestResponseCycle = scope[_CYCLE_KEY]
        if self.flow.write_paused:
            # As many answers as a client asks for at once would be held for it.
            await self.flow.drain()
        if cycle.disconnected:
            return
        cycle.response_started = cycle.response_complete = True
        self.transport.write(
            self._start() + (b"" if cycle.keep_alive else b"connection: close\r\n") + kept.wire
        )
        cycle.message_event.set()
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()

    def on_response_complete(self) -> None:
        """Learn that the application has answered."""
        self.since = self.loop.time()
        super().on_response_complete()
        if self._is_half_closed and not self._is_answering:
            self.transport.close()

    def _refuse(self, status: HTTPStatus, code: str, detail: str) -> None:
        is_of_body = self._is_reading and not self._is_in_head
        if self._is_answering:
            if not is_of_body or self.pipeline or self.cycle.response_started:
                # It would be taken for the answer to a request before this one, or for a part of it.
                self.abort()
                return
        elif is_of_body:
            # The request has its answer already.
            self._end()
            return
        body = json.dumps(problem_content(status, code, detail)).encode()
        headers = {
            **COMMON_HEADERS,
            "Content-Type": "application/problem+json",
            "Content-Length": str(len(body)),
            "Connection": "close",
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self.transport.write(f"HTTP/1.1 {status:d} {status.phrase}\r\n{head}\r\n".encode() + body)
        self._end()

    def _end(self) -> None:
        """Send no more, and close when the client has; closing over unread bytes takes back what was sent."""
        self._is_ending = True
        self.since = self.loop.time()
        self.transport.write_eof()


def _reason_of(error: httptools.HttpParserError) -> tuple[HTTPStatus, str, str]:
    """Say why a request is not read: the parser wraps what is raised here."""
    cause = error.__context__
    if isinstance(cause, _RefusedError):
        return cause.reason
    detail = "This is no request that can be read; check its framing."
    return (HTTPStatus.BAD_REQUEST, "bad-request", detail)


def _too_long(url: bytes, most: int) -> tuple[HTTPStatus, str, str]:
    if len(url) > most // 2:
        return (HTTPStatus.REQUEST_URI_TOO_LONG, "url-too-long", "The URL is too long; send a query by POST.")
    detail = f"The request's headers are longer than {most} bytes, which is the most this server reads."
    return (HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "headers-too-long", detail)
