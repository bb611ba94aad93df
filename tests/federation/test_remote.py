"""Calls of endpoints that do not do what they should: nothing that they do is trusted or followed."""

import asyncio
import gzip
import socket
from collections.abc import Callable

import pytest
from tests.federation.conftest import ANSWER, Outside, Start

from aisi_kg.errors import InputError
from aisi_kg.store.remote import Remote
from aisi_kg.store.services import Reply, ServiceLimits, ServiceList
from aisi_kg.store.wire import pack_call
from aisi_kg.web.job import Job
from aisi_kg.web.metrics import MetricsBoard
from aisi_kg.web.service_calls import ServiceCalls

LONG_S = 30
ROOM = 10_000


def head(
    length: int | None = len(ANSWER), kind: str = "application/sparql-results+json", more: str = ""
) -> bytes:
    size = "" if length is None else f"Content-Length: {length}\r\n"
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n{size}{more}\r\n".encode()


def ask(url: str, timeout_s: float = LONG_S, room: int = ROOM) -> Reply:
    async def asked() -> Reply:
        remote = Remote(ServiceList.parse(url), ServiceLimits(timeout_s), "tests")
        try:
            return await remote.ask(0, "SELECT * WHERE { ?s ?p ?o }", room)
        finally:
            await remote.close()

    return asyncio.run(asked())


def says(data: bytes) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(data)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/sparql-results+json", "json"),
        ("Application/SPARQL-results+JSON; charset=utf-8", "json"),
        ("application/sparql-results+xml", "xml"),
    ],
)
def test_an_answer_is_taken_as_it_is(outside: Start, kind: str, status: str) -> None:
    assert ask(outside(says(head(kind=kind) + ANSWER)).url) == Reply(status, ANSWER)  # type: ignore[arg-type]


def test_an_answer_in_chunks_is_taken(outside: Start) -> None:
    data = head(None, more="Transfer-Encoding: chunked\r\n") + b"5\r\n" + ANSWER[:5] + b"\r\n"
    data += b"%x\r\n" % len(ANSWER[5:]) + ANSWER[5:] + b"\r\n0\r\n\r\n"
    assert ask(outside(says(data)).url).content == ANSWER


def test_a_connection_that_was_closed_meanwhile_is_not_the_end(outside: Start) -> None:
    def deal(connection: socket.socket) -> None:
        connection.sendall(head() + ANSWER)
        # Closed when the next request comes.
        connection.recv(65536)

    there = outside(deal)

    async def asked() -> list[Reply]:
        remote = Remote(ServiceList.parse(there.url), ServiceLimits(LONG_S), "tests")
        try:
            return [await remote.ask(0, "SELECT * WHERE { ?s ?p ?o }", ROOM) for _ in range(3)]
        finally:
            await remote.close()

    assert asyncio.run(asked()) == 3 * [Reply("json", ANSWER)]
    assert len(there.requests) == 3


def test_what_is_sent(outside: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    there = outside(says(head() + ANSWER))
    assert ask(there.url).status == "json"
    top, _, body = there.requests[0].partition(b"\r\n\r\n")
    first, *lines = top.decode().split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    assert first == "POST /sparql HTTP/1.1"
    assert body == b"SELECT * WHERE { ?s ?p ?o }"
    assert headers == {
        "host": f"127.0.0.1:{there.port}",
        "accept": "application/sparql-results+json, application/sparql-results+xml;q=0.5",
        "accept-encoding": "identity",
        "content-type": "application/sparql-query",
        "content-length": str(len(body)),
        "user-agent": "tests",
    }


WRONG = {
    "not-found": (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "answers with 404"),
    "too-many": (
        b"HTTP/1.1 429 Slow Down\r\nRetry-After: 9\r\nContent-Length: 0\r\n\r\n",
        "answers with 429",
    ),
    "no-content": (b"HTTP/1.1 204 No Content\r\n\r\n", "answers with 204"),
    "html": (head(kind="text/html") + ANSWER, "no SPARQL result"),
    "turtle": (head(kind="text/turtle") + ANSWER, "no SPARQL result"),
    "no-type": (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "no SPARQL result"),
    "gzip": (head(None, more="Content-Encoding: gzip\r\n") + gzip.compress(ANSWER), "compressed"),
    "two-codings": (
        head(None, more="Content-Encoding: gzip, identity\r\n") + gzip.compress(ANSWER),
        "compressed",
    ),
    "announces-much": (head(10**15) + ANSWER, "longer than may be taken"),
    "sends-much": (head(None) + b" " * (ROOM + 1), "longer than may be taken"),
    "closes-early": (head(len(ANSWER) + 1) + ANSWER, "ends too early"),
    "chunk-missing": (
        head(None, more="Transfer-Encoding: chunked\r\n") + b"5\r\n{    \r\n",
        "ends too early",
    ),
    "bad-chunk": (head(None, more="Transfer-Encoding: chunked\r\n") + b"zz\r\n{}\r\n0\r\n\r\n", "broken"),
    "bad-length": (head(None, more="Content-Length: -1\r\n") + ANSWER, "broken"),
    "no-http": (b"220 mail.example ESMTP\r\n", "broken"),
    "nothing": (b"", "broken"),
    "endless-head": (b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 500_000, "broken"),
}


@pytest.mark.parametrize(("data", "words"), WRONG.values(), ids=WRONG.keys())
def test_an_answer_that_is_none(outside: Start, data: bytes, words: str) -> None:
    reply = ask(outside(says(data)).url)
    assert reply.status == "failed"
    assert words in reply.content.decode()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(outside: Start, status: int) -> None:
    trap = outside(says(head() + ANSWER))
    there = outside(
        says(f"HTTP/1.1 {status} Go\r\nLocation: {trap.url}\r\nContent-Length: 0\r\n\r\n".encode())
    )
    reply = ask(there.url)
    assert reply.status == "failed"
    assert "sends elsewhere, which is not followed" in reply.content.decode()
    assert trap.requests == []


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    reply = ask(f"http://127.0.0.1:{port}/")
    assert reply.status == "failed"
    assert "cannot be reached" in reply.content.decode()


@pytest.mark.parametrize("data", [b"", b"HTTP/1.1 200", head(), head() + ANSWER[:10]])
def test_one_that_stops_in_the_middle_is_left(outside: Start, data: bytes) -> None:
    def deal(connection: socket.socket) -> None:
        connection.sendall(data)
        if not connection.recv(1):
            raise ConnectionError

    there = outside(deal)
    reply = ask(there.url, timeout_s=0.3)
    assert reply.status == "timeout"
    assert "longer than 0.3 s" in reply.content.decode()
    assert there.was_left.wait(LONG_S)


def test_one_that_never_ends_is_left(outside: Start) -> None:
    def deal(connection: socket.socket) -> None:
        connection.sendall(head(None))
        while True:
            connection.sendall(b" " * 1000)

    there = outside(deal)
    reply = ask(there.url)
    assert "longer than may be taken" in reply.content.decode()
    assert there.was_left.wait(LONG_S)


def test_one_that_says_little_for_ever_is_left(outside: Start) -> None:
    def deal(connection: socket.socket) -> None:
        connection.sendall(head(None))
        while not there.stopped.wait(0.01):
            connection.sendall(b" ")

    there: Outside = outside(deal)
    assert ask(there.url, timeout_s=0.3).status == "timeout"
    assert there.was_left.wait(LONG_S)


@pytest.mark.parametrize("host", ["127.1", "0177.0.0.1", "0x7f.0.0.1", "2130706433"])
def test_a_name_does_not_lead_into_the_own_network(
    outside: Start, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    trap = outside(says(head() + ANSWER))
    _resolve(monkeypatch, "127.0.0.1")
    reply = ask(f"http://{host}:{trap.port}/")
    assert reply.status == "failed"
    assert "not public" in reply.content.decode()
    assert trap.requests == []


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "::1", "fe80::1%1", "fd00::1", "::ffff:10.0.0.1", "::"],
)  # fmt: skip
def test_addresses_that_a_name_may_not_have(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    _resolve(monkeypatch, "192.0.9.1", address)
    reply = ask("http://sparql.example/")
    assert "its name leads to an address that is not public" in reply.content.decode()


def _resolve(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Have every name lead to these addresses."""

    def resolve(_host: object, port: object, *_: object, **__: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)


def test_this_machine_is_called_where_it_is_listed(outside: Start) -> None:
    there = outside(says(head() + ANSWER))
    assert ask(f"http://localhost:{there.port}/sparql").status == "json"


def test_a_mirror_is_asked_in_place_of_what_queries_call(outside: Start) -> None:
    there = outside(says(head() + ANSWER))
    services = f"https://query.example.org/sparql={there.url}"
    assert ServiceList.parse(services).find("https://query.example.org/sparql") == 0
    assert ServiceList.parse(services).find(there.url) is None
    assert ask(services).status == "json"


@pytest.mark.parametrize(
    "text",
    ["query.wikidata.org", "ftp://e/", "http://", "http://a:b@e/", "http://e/#x", "http://e/ http://e/", "http://e/<",
     "http://e/=http://f/=http://g/", "file:///etc/passwd", "http://e:port/", "unix:/run/x", "http://e/\u00e9"],
)  # fmt: skip
def test_a_list_that_is_none(text: str) -> None:
    with pytest.raises(InputError, match="AISI_KG_SERVICES has"):
        ServiceList.parse(text)


def test_a_list() -> None:
    services = ServiceList.parse("  https://a/sparql\n http://[::1]:80/?x=http%3A&y=1  ")
    assert [each.address for each in services.services] == [
        "https://a/sparql",
        "http://[::1]:80/?x=http%3A&y=1",
    ]
    assert not ServiceList.parse(" ")


def test_a_query_takes_so_much_and_no_more(outside: Start) -> None:
    there = outside(says(head() + ANSWER))
    board = MetricsBoard(1)

    async def asked() -> list[Reply]:
        limits = ServiceLimits(LONG_S, 2 * len(ANSWER) + 5, 4)
        calls = ServiceCalls(ServiceList.parse(there.url), limits, board.row(0))
        job = Job(b"", "")
        try:
            return [await calls.make(job, pack_call(0, "SELECT")) for _ in range(5)]
        finally:
            await calls.close()

    replies = asyncio.run(asked())
    assert [each.status for each in replies] == ["json", "json", "failed", "failed", "refused"]
    assert "5 bytes were left" in replies[2].content.decode()
    assert "AISI_KG_SERVICE_CALLS" in replies[4].content.decode()
    assert len(there.requests) == 4
    assert (board.total("service_calls"), board.total("service_failures")) == (4, 2)


@pytest.mark.parametrize("payload", [b"", pack_call(1, "SELECT"), pack_call(255, "SELECT"), b"\0\xff"])
def test_a_worker_that_was_taken_over_names_no_address(outside: Start, payload: bytes) -> None:
    there = outside(says(head() + ANSWER))

    async def asked() -> Reply:
        calls = ServiceCalls(ServiceList.parse(there.url), ServiceLimits(), MetricsBoard(1).row(0))
        return await calls.make(Job(b"", ""), payload)

    assert asyncio.run(asked()).status == "refused"
    assert there.requests == []


def test_not_more_than_some_calls_at_a_time(outside: Start) -> None:
    """Many queries at once are not many requests at once, which a public endpoint would not suffer."""

    def deal(connection: socket.socket) -> None:
        if len(there.requests) < 4:
            assert there.came.wait(LONG_S)
        there.stopped.wait(0.05)
        most.append(len(there.requests) - done[0])
        done[0] += 1
        connection.sendall(head(more="Connection: close\r\n") + ANSWER)

    most: list[int] = []
    done = [0]
    there: Outside = outside(deal)

    async def asked() -> list[Reply]:
        remote = Remote(ServiceList.parse(there.url), ServiceLimits(LONG_S), "tests")
        try:
            return await asyncio.gather(*(remote.ask(0, "SELECT", ROOM) for _ in range(12)))
        finally:
            await remote.close()

    assert [each.status for each in asyncio.run(asked())] == ["json"] * 12
    assert max(most) <= 4
