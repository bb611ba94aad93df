"""Keep pages and documents as they were sent, and compress each once.

A page is the same for all who ask for the same address in the same language and format until the dataset
changes, and then another process serves it. Making one takes some queries; what was made is kept with its
headers for as long as these allow, bounded in bytes, those longest unused going first. Answers to SPARQL have
a cache of their own, which knows more of them (:mod:`aisi_kg.web.cache`).
"""

import re
import time
from collections import OrderedDict
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aisi_kg.store.compression import ENCODINGS, Encoding, compressed
from aisi_kg.web.headers import is_known
from aisi_kg.web.negotiation import GZIP, IDENTITY, best_coding, field_value
from aisi_kg.web.site import Site

__all__ = ["KeptPages"]

# What an entry takes beside its bytes, roughly.
_OVERHEAD_BYTES = 2_000
# A longer answer is compressed by a thread, so that others are answered meanwhile.
_LONG_BYTES = 128 * 1024
#: What is never compressed further.
_PACKED = ("image/png", "application/gzip", "application/vnd.openxmlformats")
_ZSTD = "zstd"
_CODING = "Accept-Encoding"
_MAX_AGE = re.compile(r"max-age=(\d{1,9})")
_VARYING = ("host", "accept", "accept-language")

_Key = tuple[bytes, ...]


@dataclass
class _Page:
    """Hold an answer.

    :param key: what it is kept by, which is the client's own words and may be longer than the page.
    :param headers: its headers as the handler made them.
    :param bodies: its body in each coding that was asked for.
    :param until: when it is no longer kept, on the monotonic clock.
    """

    key: _Key
    headers: list[tuple[bytes, bytes]]
    bodies: dict[Encoding, bytes]
    until: float

    @property
    def size(self) -> int:
        beside = sum(map(len, self.key)) + sum(len(name) + len(value) for name, value in self.headers)
        return sum(map(len, self.bodies.values())) + beside + _OVERHEAD_BYTES


class KeptPages:
    """Answer from what is kept, or have it made.

    :param app: makes pages.
    :param site: what handlers need; its settings bound what is kept.
    """

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app = app
        self._site = site
        # A quarter beside what answers to SPARQL may take.
        self._limit = site.settings.cache_bytes // site.settings.web_processes // 4
        self._pages: OrderedDict[_Key, _Page] = OrderedDict()
        #: Bytes that what is kept takes.
        self.size = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request.

        :param scope: what the request is.
        :param receive: gives its body.
        :param send: takes the answer.
        """
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        key = _key(request)
        page = self._pages.get(key)
        if page is not None and page.until > time.monotonic():
            self._pages.move_to_end(key)
            self._site.metrics.add("hits")
            await self._send(request, page, send)
            return
        made = _Making(send, key)
        await self._app(scope, receive, made.take)
        if made.page is not None:
            self._keep(made.page)
            await self._send(request, made.page, send)

    async def _send(self, request: Request, page: _Page, send: Send) -> None:
        """Send a page in the coding that the client likes best, or only say that the client has it."""
        encoding = _encoding(request, page)
        if encoding not in page.bodies:
            plain = page.bodies[""]
            work = run_in_threadpool if len(plain) > _LONG_BYTES else _at_once
            body, encoding = await work(compressed, plain, encoding)
            if encoding and encoding not in page.bodies:
                self.size += len(body) if self._pages.get(page.key) is page else 0
                page.bodies[encoding] = body
                self._shrink()
        body = page.bodies[encoding]
        message: dict[str, Any] = {"type": "http.response.start", "headers": list(page.headers)}
        headers = MutableHeaders(raw=message["headers"])
        headers.add_vary_header(_CODING)
        if encoding:
            headers["Content-Encoding"] = encoding
            headers["ETag"] = f'{headers["etag"][:-1]}-{encoding}"'
        if is_known(request, headers["etag"]):
            for name in ("content-length", "content-type", "content-encoding"):
                del headers[name]
            await send({**message, "status": HTTPStatus.NOT_MODIFIED})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        headers["Content-Length"] = str(len(body))
        await send({**message, "status": HTTPStatus.OK})
        await send({"type": "http.response.body", "body": body, "more_body": False})

    def _keep(self, page: _Page) -> None:
        if 2 * page.size > self._limit // 4:
            return
        replaced = self._pages.pop(page.key, None)
        if replaced is not None:
            self.size -= replaced.size
        self._pages[page.key] = page
        self.size += page.size
        self._shrink()

    def _shrink(self) -> None:
        while self.size > self._limit and self._pages:
            self.size -= self._pages.popitem(last=False)[1].size


class _Making:
    """Take an answer from a handler: hold back what can be kept, and send the rest on.

    :param send: takes what is sent on.
    :param key: what it is to be kept by.
    """

    def __init__(self, send: Send, key: _Key) -> None:
        self._send = send
        self._key = key
        self._headers: list[tuple[bytes, bytes]] | None = None
        self._blocks: list[bytes] = []
        #: The answer, once it is whole.
        self.page: _Page | None = None

    async def take(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _can_be_kept(message):
            self._headers = list(message["headers"])
        elif self._headers is None:
            if message.get("status") == HTTPStatus.NOT_MODIFIED and _is_negotiated(message):
                headers = MutableHeaders(scope=message)
                if _CODING not in headers.get("vary", ""):
                    # As it is on what the client has.
                    headers.add_vary_header(_CODING)
            await self._send(message)
        else:
            self._blocks.append(message.get("body", b""))
            if not message.get("more_body"):
                age = _MAX_AGE.search(Headers(raw=self._headers)["cache-control"])
                until = time.monotonic() + (int(age[1]) if age else 0)
                self.page = _Page(self._key, self._headers, {"": b"".join(self._blocks)}, until)


async def _at_once(work: Any, *arguments: Any) -> Any:
    return work(*arguments)


def _key(request: Request) -> _Key:
    """Spell what an answer may depend on."""
    scope = request.scope
    varying = [(field_value(request.headers, name) or "").encode("latin-1") for name in _VARYING]
    return (scope["raw_path"], scope["query_string"], scope["scheme"].encode(), *varying)


def _can_be_kept(message: Message) -> bool:
    """Tell whether an answer is whole in itself, the same for everybody, and not in a form of its own."""
    headers = Headers(raw=message["headers"])
    return message["status"] == HTTPStatus.OK and "content-length" in headers and _is_negotiated(message)


def _is_negotiated(message: Message) -> bool:
    """Tell whether it is this class that chooses how an answer is compressed."""
    headers = Headers(raw=message["headers"])
    return (
        # A weak tag stands for bytes that may be others the next time.
        headers.get("etag", "").startswith('"')
        and headers.get("cache-control", "").startswith("public")
        and "content-encoding" not in headers
        and "accept-ranges" not in headers
        and "immutable" not in headers.get("cache-control", "")
    )


def _encoding(request: Request, page: _Page) -> Encoding:
    """Choose a coding; what is packed already is sent as it is."""
    if Headers(raw=page.headers).get("content-type", "").startswith(_PACKED):
        return ""
    chosen = best_coding((_ZSTD, GZIP, IDENTITY), field_value(request.headers, "accept-encoding"))
    return next((each for each in ENCODINGS if each == chosen), "")
