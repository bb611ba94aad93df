"""Ask another server over HTTP, one request after the other, and never longer or more than is allowed.

A server that asks for less haste (429, 503) is asked again when it says so, as Wikimedia's servers want it.
A redirection is followed to the same server alone: an address that somebody checked does not become another
that nobody has seen.
"""

import http.client
import json
import math
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import SplitResult, urlencode, urljoin, urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from aisi_kg import __version__
from aisi_kg.errors import RemoteFailed
from aisi_kg.graph.linking.services import ANSWER_BYTES, TIMEOUT, Services
from aisi_kg.graph.prefixes import BASE

__all__ = ["Answer", "Remote"]

_PIECE = 65_536
_REDIRECTIONS = 5
_ATTEMPTS = 4
#: The longest that is waited where a server asks for it; with more, the user is told and decides.
_LONGEST_WAIT_S = 120
#: Where a server says that there were too many requests, and not how long to wait (RFC 6585, 4: it may say).
_USUAL_WAIT_S = 60
_TOO_MANY, _UNAVAILABLE = 429, 503
_REDIRECTED = (301, 302, 303, 307, 308)
#: How much of what a server says about an error is passed on.
_SAID = 200


@dataclass(frozen=True)
class Answer:
    """Hold what a server answered.

    :param url: the address that answered, after redirections.
    :param status: the status: 200 where all is well.
    :param body: the bytes.
    """

    url: str
    status: int
    body: bytes

    def json(self) -> Any:
        """Read the body as JSON.

        :returns: the value.
        :raises RemoteFailed: if it is none.
        """
        try:
            return json.loads(self.body)
        # Nested too deep, or a number of too many digits, is no JSON that anybody needs.
        except (ValueError, RecursionError) as error:
            raise RemoteFailed(
                f"What {self.url} answers is no JSON ({_begin(self.body)}); check the address."
            ) from error


def _begin(body: bytes) -> str:
    """Say how an answer begins, for a message."""
    text = _plain(body[: 4 * _SAID].decode("utf-8", "replace"))
    return f"it begins with {text[:60]!r}" if text else "it is empty"


def _plain(text: str) -> str:
    """Bring what a stranger wrote onto one line without what would command a terminal."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


class _Deadline:
    """End the connections of a request when its time is over, whatever they wait for."""

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def watch(self, connected: socket.socket) -> None:
        with self._lock:
            self._sockets.append(connected)
            if self.is_over:
                _shut(connected)

    def cancel(self) -> None:
        self._timer.cancel()

    def _end(self) -> None:
        with self._lock:
            self.is_over = True
            for connected in self._sockets:
                _shut(connected)


def _shut(connected: socket.socket) -> None:
    try:
        # Not an SSL socket's own way, which would wait for the other side.
        socket.socket.shutdown(connected, socket.SHUT_RDWR)
    except OSError:
        return


class _Connection(http.client.HTTPConnection):
    def __init__(self, deadline: _Deadline, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._deadline = deadline

    def connect(self) -> None:
        super().connect()
        self._deadline.watch(self.sock)


class _SecureConnection(_Connection, http.client.HTTPSConnection):
    """Be secured first, and watched then."""


class _Handler(HTTPHandler):
    def __init__(self, deadline: _Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def http_open(self, request: Request) -> http.client.HTTPResponse:
        return self.do_open(partial(_Connection, self._deadline), request)


class _SecureHandler(HTTPSHandler):
    def __init__(self, deadline: _Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def https_open(self, request: Request) -> http.client.HTTPResponse:
        connection = partial(_SecureConnection, self._deadline, context=ssl.create_default_context())
        return self.do_open(connection, request)


class Remote:
    """Ask servers.

    :param services: the limits, and the contact that is named to the servers.
    :param tell: takes a sentence for the user, where something takes longer.
    :param wait: waits for some seconds.
    """

    def __init__(
        self, services: Services, tell: Callable[[str], None], wait: Callable[[float], None] = time.sleep
    ) -> None:
        self._services = services
        self._tell = tell
        self._wait = wait
        contact = f"; {services.contact}" if services.contact else ""
        self._agent = f"aisi-kg/{__version__} ({BASE}{contact})"

    def get(self, url: str, accept: str) -> Answer:
        """Ask for a document.

        :param url: its address.
        :param accept: the media type that is wanted.
        :returns: the answer, whose status may be 404 or 410: that there is none says something too.
        :raises RemoteFailed: if there is no answer, or one with another status.
        """
        return self._ask(url, None, accept)

    def post(self, url: str, form: Mapping[str, str], accept: str) -> Answer:
        """Send a form.

        :param url: the address.
        :param form: the fields.
        :param accept: the media type that is wanted.
        :returns: the answer.
        :raises RemoteFailed: if there is no answer, or its status is not 200.
        """
        answer = self._ask(url, urlencode(form).encode("ascii"), accept)
        if answer.status != http.client.OK:
            raise _refusal(answer)
        return answer

    def _ask(self, url: str, data: bytes | None, accept: str) -> Answer:
        for attempt in range(1, _ATTEMPTS + 1):
            answer, again_s = self._follow(url, data, accept)
            if again_s is None:
                return answer
            host = urlsplit(url).netloc
            if again_s > _LONGEST_WAIT_S or attempt == _ATTEMPTS:
                raise RemoteFailed(
                    f"{host} has too much to do (status {answer.status}) and asks to be left alone for "
                    f"{math.ceil(again_s)} s; try again then."
                )
            self._tell(f"{host} asks for less haste; the next request is sent in {math.ceil(again_s)} s.")
            self._wait(again_s)
        raise AssertionError("each attempt returns, waits or raises")

    def _follow(self, url: str, data: bytes | None, accept: str) -> tuple[Answer, float | None]:
        """Ask, and ask where the server points to; give the answer, and when to ask again."""
        asked = url
        for _ in range(_REDIRECTIONS):
            answer, headers = self._once(asked, data, accept)
            if answer.status in _REDIRECTED:
                asked = _next(asked, headers.get("Location"), is_form=data is not None)
            elif answer.status in (_TOO_MANY, _UNAVAILABLE):
                retry = _seconds(headers.get("Retry-After"))
                if retry is None and answer.status == _UNAVAILABLE:
                    raise _refusal(answer)
                return answer, _USUAL_WAIT_S if retry is None else retry
            elif answer.status in (http.client.OK, http.client.NOT_FOUND, http.client.GONE):
                return answer, None
            else:
                raise _refusal(answer)
        raise RemoteFailed(f"{url} redirects more than {_REDIRECTIONS} times; check the address.")

    def _once(self, url: str, data: bytes | None, accept: str) -> tuple[Answer, Mapping[str, str]]:
        headers = {"User-Agent": self._agent, "Accept": accept, "Accept-Encoding": "identity"}
        # The scheme of an address was checked, and a redirection never changes it for another than http(s).
        request = Request(url, data, headers)  # noqa: S310
        with self._in_time(url) as deadline:
            # Without a handler of redirections, which are followed above.
            opener = OpenerDirector()
            for handler in (
                ProxyHandler(),
                _Handler(deadline),
                _SecureHandler(deadline),
                HTTPDefaultErrorHandler(),
                HTTPErrorProcessor(),
            ):
                opener.add_handler(handler)
            try:
                response = opener.open(request, timeout=self._services.timeout_s)
            except HTTPError as error:
                # The answer of a server that does not like the request is an answer.
                response = error
            with response:
                if response.headers.get("Content-Encoding", "identity") != "identity":
                    raise RemoteFailed(f"{url} answers with a compression that was not asked for.")
                body = self._read(url, response, deadline)
            return Answer(url, response.status, body), response.headers

    @contextmanager
    def _in_time(self, url: str) -> Iterator[_Deadline]:
        deadline = _Deadline(self._services.timeout_s)
        try:
            yield deadline
        except (OSError, http.client.HTTPException, ValueError) as error:
            if deadline.is_over or isinstance(_cause(error), TimeoutError):
                raise self._too_late(url) from error
            host = urlsplit(url).netloc
            raise RemoteFailed(
                f"{host} cannot be reached ({_reason(error)}); check the address and the network."
            ) from error
        finally:
            deadline.cancel()

    def _too_late(self, url: str) -> RemoteFailed:
        return RemoteFailed(
            f"{url} has not answered within {self._services.timeout_s} s; try again later, or set {TIMEOUT} "
            "to more."
        )

    def _read(self, url: str, response: Any, deadline: _Deadline) -> bytes:
        pieces = []
        room = self._services.answer_bytes
        while piece := response.read1(_PIECE):
            room -= len(piece)
            if room < 0:
                raise RemoteFailed(
                    f"What {url} answers has more than {self._services.answer_bytes} bytes; set "
                    f"{ANSWER_BYTES} to more if that is right."
                )
            pieces.append(piece)
        if deadline.is_over:
            # A connection that was shut looks like an answer that has ended.
            raise self._too_late(url)
        body = b"".join(pieces)
        length = response.headers.get("Content-Length", "")
        if length.isdecimal() and len(body) < int(length):
            raise RemoteFailed(f"What {url} answers breaks off; try again.")
        return body


def _cause(error: BaseException) -> object:
    return error.reason if isinstance(error, URLError) else error


def _reason(error: BaseException) -> str:
    """Say in a few words why there is no answer."""
    cause = _cause(error)
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"its certificate is not accepted: {cause.verify_message}"
    if isinstance(cause, http.client.HTTPException):
        return "what it says is no HTTP, or breaks off"
    text = getattr(cause, "strerror", None) or str(cause)
    return _plain(str(text))[:_SAID] or type(cause).__name__


def _refusal(answer: Answer) -> RemoteFailed:
    """Say that a server refused, with what it says about it: in JSON, or in the first words of a text."""
    said = ""
    try:
        value = json.loads(answer.body)
        if isinstance(value, dict):
            parts = [value.get(name) for name in ("message", "details", "detail", "error")]
            said = ": ".join(part for part in parts if isinstance(part, str))
    except (ValueError, RecursionError):
        said = re.sub(r"<[^>]*>", " ", answer.body[: 4 * _SAID].decode("utf-8", "replace"))
    said = _plain(said)[:_SAID]
    return RemoteFailed(
        f"{answer.url} answers with status {answer.status}{f' ({said})' if said else ''}; check the address, "
        "or try again later."
    )


def _next(url: str, location: str | None, *, is_form: bool) -> str:
    """Give the address that a server redirects to, if it may be followed."""
    if not location:
        raise RemoteFailed(f"{url} redirects to nowhere; check the address.")
    try:
        target = urljoin(url, location)
        before, after = urlsplit(url), urlsplit(target)
        is_same = _place(before) == _place(after)
        is_secured = (before.scheme, after.scheme) == ("http", "https") and before.hostname == after.hostname
        is_default = before.port in (None, 80) and after.port in (None, 443)
    except ValueError as error:
        raise RemoteFailed(f"{url} redirects to what is no address; check the address.") from error
    if is_form or not (is_same or (is_secured and is_default)):
        where = _plain(target)[:_SAID]
        raise RemoteFailed(f"{url} redirects to {where}; if you mean that server, give its address.")
    return target


def _place(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port


def _seconds(header: str | None) -> float | None:
    """Read Retry-After (RFC 9110, 10.2.3): seconds or a date; None where there is neither."""
    text = (header or "").strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - datetime.now(UTC)).total_seconds())
