"""Ask another SPARQL endpoint over HTTP, and trust nothing that it does.

It may be slow, never end, send something else, send elsewhere, or be a name that somebody has let point into
this machine's own network. One call is one request to one address: no redirect is followed, nothing is
unpacked, no proxy and no password is taken from the environment, and time and length are bounded.
"""

import asyncio
import ssl
from collections.abc import Iterable
from contextlib import suppress
from ipaddress import IPv6Address, ip_address

import httpcore

from aisi_kg.store.services import Reply, ServiceLimits, ServiceList, Status

__all__ = ["Remote"]

# What solutions are written in, and by which name the engine reads them.
_TYPES: dict[str, Status] = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
}
_ACCEPT = "application/sparql-results+json, application/sparql-results+xml;q=0.5"
# An endpoint that is asked by many at once from one address soon refuses it; Wikidata's does from the sixth
# on.
_AT_ONCE = 4
_KEPT_OPEN_S = 10.0


class Remote:
    """Call the services of a list, from one event loop.

    :param services: the list.
    :param limits: what a query may take of them.
    :param agent: says who asks (``User-Agent``).
    """

    def __init__(self, services: ServiceList, limits: ServiceLimits, agent: str) -> None:
        self._services = services.services
        self._limits = limits
        self._headers = [
            (b"Accept", _ACCEPT.encode()),
            # What is packed small may be endless when it is unpacked.
            (b"Accept-Encoding", b"identity"),
            (b"Content-Type", b"application/sparql-query"),
            (b"User-Agent", agent.encode("ascii", "replace")),
        ]
        self._turns = [asyncio.Semaphore(_AT_ONCE) for _ in self._services]
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl.create_default_context(),
            max_connections=_AT_ONCE * max(1, len(self._services)),
            keepalive_expiry=_KEPT_OPEN_S,
            network_backend=_Outward(),
        )

    async def ask(self, number: int, query: str, room: int) -> Reply:
        """Call a service. Whoever is cancelled while waiting ends the call.

        :param number: which of the list.
        :param query: the query that it is sent.
        :param room: length of the longest answer that is taken.
        :returns: what came of it; nothing that a service does raises.
        """
        try:
            async with asyncio.timeout(self._limits.timeout_s), self._turns[number]:
                while True:
                    connected: list[str] = []
                    try:
                        return await self._exchange(self._services[number].address, query, room, connected)
                    except (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError):
                        # A service may close what was kept open just when it is asked there. A query may be
                        # asked again (RFC 9112, 9.3.1); on a new connection it is the service's own fault.
                        if connected:
                            raise
        except TimeoutError:
            return Reply("timeout", f"it took longer than {self._limits.timeout_s:g} s".encode())
        except (httpcore.TimeoutException, httpcore.NetworkError, OSError) as error:
            return _failed(f"it cannot be reached ({_reason(error)})")
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, ValueError) as error:
            return _failed(f"its answer is broken or ends too early ({_reason(error)})")

    async def close(self) -> None:
        """Close all connections."""
        await self._pool.aclose()

    async def _exchange(self, address: str, query: str, room: int, connected: list[str]) -> Reply:
        """Ask once; what is done to connect, and that an answer begins, is noted."""

        async def note(event: str, _: object) -> None:
            if event.startswith("connection.connect"):
                connected.append(event)

        async with self._pool.stream(
            "POST", address, headers=self._headers, content=query.encode(), extensions={"trace": note}
        ) as response:
            connected.append("answered")
            headers = {name.lower(): value for name, value in response.headers}
            wrong = _unfit(response.status, headers, room)
            if wrong is not None:
                # Its rest is of no use; reading it could take for ever.
                return _failed(wrong)
            blocks, size = [], 0
            async for block in response.aiter_stream():
                size += len(block)
                if size > room:
                    return _failed(_too_long(room))
                blocks.append(block)
            return Reply(_TYPES[_media_type(headers)], b"".join(blocks))


def _unfit(status: int, headers: dict[bytes, bytes], room: int) -> str | None:
    """Say why an answer cannot be used, by its head."""
    if 300 <= status < 400:
        return f"it answers with {status} and sends elsewhere, which is not followed"
    if status != 200:
        return f"it answers with {status}"
    coding = headers.get(b"content-encoding", b"identity").strip().lower()
    if coding != b"identity":
        return "its answer is compressed, which was not asked for"
    if _media_type(headers) not in _TYPES:
        return "its answer is no SPARQL result by its Content-Type"
    length = headers.get(b"content-length", b"")
    return _too_long(room) if length.isdigit() and int(length[:18]) > room else None


def _media_type(headers: dict[bytes, bytes]) -> str:
    return headers.get(b"content-type", b"").partition(b";")[0].strip().lower().decode("latin-1")


def _too_long(room: int) -> str:
    return f"its answers are longer than may be taken (AISI_KG_SERVICE_BYTES); {room} bytes were left"


def _failed(reason: str) -> Reply:
    return Reply("failed", reason.encode())


def _reason(error: BaseException) -> str:
    # A library's own words may be anybody's: a line of the answer, an address that was looked up.
    return type(error).__name__ if not isinstance(error, _InwardError) else str(error)


class _InwardError(httpcore.ConnectError):
    """Report that a name leads to an address that it must not lead to."""


class _Outward(httpcore.AsyncNetworkBackend):
    """Open connections, and let no name lead into this machine's own network.

    An operator who means an address there lists the address itself. A name is looked up once, and what is
    connected to is what was looked at.
    """

    def __init__(self) -> None:
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the library's interface
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = _meant(host) or await _public_addresses(host, port)
        failure: httpcore.ConnectError | None = None
        for address in addresses:
            try:
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except httpcore.ConnectError as error:
                failure = error
        raise failure or httpcore.ConnectError("no address")

    async def sleep(self, seconds: float) -> None:
        await self._inner.sleep(seconds)


def _meant(host: str) -> tuple[str, ...] | None:
    """Give what a host means without being looked up: an address, or the name of this machine."""
    if host.lower() == "localhost":
        return ("127.0.0.1", "::1")
    with suppress(ValueError):
        return (str(ip_address(host.strip("[]"))),)
    return None


async def _public_addresses(host: str, port: int) -> list[str]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, proto=6)
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    for address in addresses:
        parsed = ip_address(address.partition("%")[0])
        if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
            parsed = parsed.ipv4_mapped
        if not parsed.is_global or parsed.is_multicast:
            raise _InwardError("its name leads to an address that is not public; list the address itself")
    return addresses
