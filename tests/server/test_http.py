"""HTTP as hostile and as odd clients speak it: bytes sent as they are, and what comes back."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from select import select
from urllib.parse import quote

import pytest
from tests.server.conftest import Serve, Server, parsed, received, until

SECURITY = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "access-control-allow-origin": "*",
    "cross-origin-resource-policy": "cross-origin",
}
PAIRS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
_numbers = count()


def request(path: str, *headers: str, method: str = "GET", version: str = "1.1", body: bytes = b"") -> bytes:
    """Write a request; with a body, its length is written too."""
    lines = [f"{method} {path} HTTP/{version}", "Host: localhost", *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def last(path: str, *headers: str, method: str = "GET", version: str = "1.1") -> bytes:
    return request(path, "Connection: close", *headers, method=method, version=version)


def sparql(text: str) -> str:
    return "/sparql?query=" + quote(text)


def new(number: int | None = None) -> tuple[str, str]:
    """Give the path of a query, and the value in its answer; without a number one that nobody has asked."""
    value = f"new-{next(_numbers)}" if number is None else f"known-{number}"
    return sparql(f'SELECT ?x {{ BIND("{value}" AS ?x) }}'), value


def value_of(body: bytes) -> str:
    (row,) = json.loads(body)["results"]["bindings"]
    return str(row["x"]["value"])


POST = ("POST /sparql HTTP/1.1", "Host: localhost", "Content-Type: application/sparql-query")


def post(*headers: str, body: bytes = b"") -> bytes:
    return "\r\n".join([*POST, *headers, "", ""]).encode() + body


# What every answer has.


@pytest.mark.parametrize(
    ("data", "status"),
    [
        pytest.param(last("/healthz"), 200, id="ready"),
        pytest.param(last(sparql("ASK {}")), 200, id="answer"),
        pytest.param(last("/sparql"), 200, id="description"),
        pytest.param(last("/sparql", "Accept: text/html"), 200, id="form"),
        pytest.param(last("/dump.nt"), 200, id="dump"),
        pytest.param(last("/dump.nt", "Range: bytes=0-1"), 206, id="part"),
        pytest.param(last("/dump.nt", "Range: bytes=99999999-"), 416, id="no-part"),
        pytest.param(last("/entity/ruritania-aisi", "Accept: text/html"), 200, id="page"),
        pytest.param(last("/", "Accept: text/html"), 200, id="home"),
        pytest.param(last(sparql("ASK {}"), method="OPTIONS"), 204, id="options"),
        pytest.param(last("/none"), 404, id="none"),
        pytest.param(last("/none", "Accept: text/html"), 404, id="none-as-page"),
        pytest.param(last("/sparql", method="PUT"), 405, id="method"),
        pytest.param(last(sparql("ASK {")), 400, id="malformed"),
        pytest.param(last(sparql("ASK {}"), "Accept: image/png"), 406, id="not-acceptable"),
        pytest.param(last(sparql("ASK { SERVICE <http://127.0.0.1:1/> {} }")), 403, id="refused"),
        pytest.param(last("/" + "x" * 9000), 414, id="long-url"),
        pytest.param(last("/healthz", "X: " + "x" * 50_000), 431, id="long-header"),
        pytest.param(b"nothing of the kind\r\n\r\n", 400, id="parser"),
        pytest.param(last("/healthz", "Host: b"), 400, id="two-hosts"),
        pytest.param(last("/healthz", version="2.0"), 505, id="version"),
        pytest.param(
            post("Connection: close", "Content-Length: 70000", body=b"x" * 70_000), 413, id="long-body"
        ),
    ],
)
def test_every_answer_has_the_headers_that_protect(server: Server, data: bytes, status: int) -> None:
    answer = server.answer(data)
    assert answer.status == status
    assert {name: answer.headers.get(name) for name in SECURITY} == SECURITY
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "server" not in answer.headers
    if status >= 400 and b"text/html" not in data:
        answer.code()


HOSTILE = "'\"><script>alert(1)</script>{{7*7}}${x}"


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
@pytest.mark.parametrize(
    "data",
    [
        pytest.param(f"/{quote(HOSTILE)}", id="path"),
        pytest.param(f"/entity/{quote(HOSTILE)}", id="entity"),
        pytest.param(f"/entity/{HOSTILE}", id="entity-not-encoded"),
        pytest.param(f"/rdf-graphs?graph={quote(HOSTILE)}", id="graph"),
        pytest.param(f"/rdf-graphs?graph=http://e/{quote(HOSTILE, safe='')}", id="graph-with-scheme"),
        pytest.param(f"/rdf-graphs/{quote(HOSTILE)}", id="graph-by-path"),
        pytest.param(f"/sparql?query={quote(HOSTILE)}", id="query"),
        pytest.param(f"/sparql?query=ASK{{}}&format={quote(HOSTILE)}", id="format"),
        pytest.param(f"/sparql?query=ASK{{}}&default-graph-uri={quote(HOSTILE)}", id="dataset"),
        pytest.param(f"/sparql?format={quote(HOSTILE)}", id="format-of-description"),
    ],
)
def test_what_a_client_sends_is_not_markup_in_the_answer(server: Server, data: str, accept: str) -> None:
    for part in parsed(server.exchange(last(data, f"Accept: {accept}"))):
        assert 400 <= part.status < 500
        if part.headers["content-type"].startswith("text/html"):
            # The pages' own script is named, and has nothing inside.
            assert b"<script>" not in part.body
            assert b"alert(1)<" not in part.body
        else:
            # JSON is data to a browser that does not guess.
            assert part.headers["content-type"] == "application/problem+json"
            assert part.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "header", ["Host", "Accept", "Accept-Encoding", "Origin", "Referer", "If-None-Match"]
)
@pytest.mark.parametrize("path", ["/sparql", "/", "/entity/ruritania-aisi", "/none"])
def test_what_a_header_says_is_not_repeated(server: Server, header: str, path: str) -> None:
    lines = [f"GET {path} HTTP/1.1", "Connection: close", f"{header}: x.example/{HOSTILE}"]
    if header != "Host":
        lines.append("Host: localhost")
    received = server.exchange("\r\n".join([*lines, "", ""]).encode())
    assert received.startswith(b"HTTP/1.1 ")
    assert b"alert(1)</script>{{7*7}}" not in received
    assert b"x.example" not in received


@pytest.mark.parametrize(
    "path",
    [
        "/../../../../etc/passwd",
        "/dump.nt/../../manifest.json",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2f..%2fetc%2fpasswd",
        "/entity/..%2f..%2fmanifest.json",
        "/entity/%00",
        "/entity/%ff%fe",
        "/entity/a%0d%0aSet-Cookie:%20a=b",
        "/entity/%F0%9F%98%80",
        "//evil.example/entity/x",
        "/dump.nt%00.ttl",
        "/dump./etc/passwd",
        "/rdf-graphs/../manifest.json",
        "/rdf-graphs?graph=file:///etc/passwd",
        "/entity/" + "a/" * 500,
        "/;/?;",
        "/?%",
        "/entity/%",
        "/%E0%80%AF",
    ],
)
def test_a_path_leads_to_nothing_but_the_dataset(server: Server, path: str) -> None:
    answer = server.answer(last(path))
    # What is no parameter of a page is refused with 422, where the page is there.
    assert answer.status in (200, 400, 404, 422)
    assert answer.status != 200 or path in ("/;/?;", "/?%")
    assert b"root:" not in answer.body
    assert "set-cookie" not in answer.headers


# Length.


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        pytest.param(last("/healthz?" + "x" * 8192), 414, "url-too-long", id="url"),
        pytest.param(last("/healthz?" + "x" * 30_000), 414, "url-too-long", id="longer-url"),
        pytest.param(b"GET /" + b"x" * 300_000, 414, "url-too-long", id="url-without-end"),
        pytest.param(last("/healthz", "X: " + "x" * 100_000), 431, "headers-too-long", id="header"),
        pytest.param(last("/healthz", "X" * 100_000 + ": x"), 431, "headers-too-long", id="name"),
        pytest.param(last("/healthz", *["X-Y: z"] * 20_000), 431, "headers-too-long", id="many-headers"),
        pytest.param(
            request("/healthz")[:-2] + b"X: " + b"x" * 300_000,
            431,
            "headers-too-long",
            id="header-without-end",
        ),
        pytest.param(
            post("Connection: close", "Content-Length: 65537", body=b"x" * 65537),
            413,
            "body-too-long",
            id="body",
        ),
        pytest.param(
            post(
                "Connection: close", "Transfer-Encoding: chunked", body=b"2000\r\n" + b"x" * 0x2000 + b"\r\n"
            )
            + (b"2000\r\n" + b"x" * 0x2000 + b"\r\n") * 8
            + b"0\r\n\r\n",
            413,
            "body-too-long",
            id="chunked-body",
        ),
        pytest.param(
            post("Connection: close", "Content-Length: 9999999999999999"),
            413,
            "body-too-long",
            id="huge-body",
        ),
        pytest.param(
            post("Content-Length: 99999999999999999999999"), 400, "bad-request", id="overflowing-length"
        ),
        pytest.param(
            post("Connection: close", "Content-Length: 40000", body=b"ASK {}" + b" " * 39_994),
            413,
            "query-too-long",
            id="query",
        ),
        pytest.param(
            post("Transfer-Encoding: chunked", body=b"6;" + b"x" * 300_000),
            431,
            "headers-too-long",
            id="chunk-extension-without-end",
        ),
        pytest.param(
            post("Transfer-Encoding: chunked", body=b"6\r\nASK {}\r\n0\r\nX: " + b"x" * 300_000),
            431,
            "headers-too-long",
            id="trailer-without-end",
        ),
    ],
)
def test_what_is_too_long_is_refused(server: Server, data: bytes, status: int, code: str) -> None:
    answer = server.answer(data)
    assert (answer.status, answer.code()) == (status, code)
    assert server.is_well()


def test_the_longest_that_is_allowed(server: Server) -> None:
    assert server.answer(last("/healthz?" + "x" * (8192 - len("/healthz")))).status == 200
    assert server.answer(last("/healthz", "X: " + "x" * 32_000)).status == 200
    body = b"ASK {}" + b" " * (32_768 - 6)
    data = post("Connection: close", f"Content-Length: {len(body)}", body=body)
    assert server.answer(data).status == 200


# Framing.


HIDDEN = last("/healthz")


@pytest.mark.parametrize(
    "framing",
    [
        pytest.param(("Content-Length: 5", "Transfer-Encoding: chunked"), id="both"),
        pytest.param(("Transfer-Encoding: chunked", "Content-Length: 5"), id="both-reversed"),
        pytest.param(("Content-Length: 5", "Content-Length: 6"), id="two-lengths"),
        pytest.param(("Content-Length: 5", "Content-Length: 5"), id="one-length-twice"),
        pytest.param(("Content-Length: 5, 5",), id="list-of-lengths"),
        pytest.param(("Content-Length: -1",), id="negative"),
        pytest.param(("Content-Length: +5",), id="signed"),
        pytest.param(("Content-Length: 0x5",), id="hexadecimal"),
        pytest.param(("Content-Length: 5 5",), id="spaced"),
        pytest.param(("Content-Length:",), id="empty-length"),
        pytest.param(("Content-Length : 5",), id="space-before-colon"),
        pytest.param((" Content-Length: 5",), id="folded"),
        pytest.param(("Transfer-Encoding: chunked, identity",), id="chunked-is-not-last"),
        pytest.param(("Transfer-Encoding: gzip, chunked",), id="other-coding"),
        pytest.param(("Transfer-Encoding: identity",), id="identity"),
        pytest.param(("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), id="chunked-twice"),
        pytest.param(("Transfer-Encoding: xchunked",), id="not-quite-chunked"),
        pytest.param(("Transfer-Encoding : chunked",), id="space-before-colon-of-coding"),
        pytest.param(("Transfer-Encoding: \x0bchunked",), id="vertical-tab"),
        pytest.param(("X: a\nTransfer-Encoding: chunked",), id="bare-lf"),
        pytest.param(("X: a\rTransfer-Encoding: chunked",), id="bare-cr"),
        pytest.param(("X: a\0b",), id="nul"),
        pytest.param(("X\0: a",), id="nul-in-name"),
        pytest.param(("X: a", " b"), id="obs-fold"),
        pytest.param(("Host: other",), id="two-hosts"),
        pytest.param(("Host: localhost",), id="one-host-twice"),
    ],
)
def test_a_request_within_a_request_is_not_answered(server: Server, framing: tuple[str, ...]) -> None:
    came = server.exchange(post(*framing) + b"0\r\n\r\n" + HIDDEN)
    assert came.startswith(b"HTTP/1.1 400 ")
    assert came.count(b"HTTP/1.1 ") == 1
    assert b'"ready":true' not in came


@pytest.mark.parametrize(
    "body",
    [
        b"-1\r\n",
        b"0x6\r\nASK {}\r\n0\r\n\r\n",
        b"6\nASK {}\n0\n\n",
        b"6\r\nASK {}0\r\n\r\n",
        b"\r\n\r\n",
        b"g\r\n",
    ],
)
def test_chunks_that_are_none(server: Server, body: bytes) -> None:
    came = server.exchange(post("Transfer-Encoding: chunked", body=body + HIDDEN))
    assert came.startswith(b"HTTP/1.1 400 ")
    assert b'"ready":true' not in came


def test_chunks(server: Server) -> None:
    body = b"3;a=b\r\nASK\r\n3\r\n {}\r\n0\r\nX-Trailer: a\r\n\r\n"
    answer = server.answer(post("Connection: close", "Transfer-Encoding: chunked", body=body))
    assert json.loads(answer.body)["boolean"] is True


def test_a_trailer_is_no_header(server: Server) -> None:
    body = b"6\r\nASK {}\r\n0\r\nAccept: text/csv\r\nIf-None-Match: *\r\n\r\n"
    answer = server.answer(post("Connection: close", "Transfer-Encoding: chunked", body=body))
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/sparql-results+json"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        pytest.param(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, id="http2"),
        pytest.param(bytes.fromhex("16030100c8010000c40303") + b"a" * 200, 400, id="tls"),
        pytest.param(b"\x00" * 100, 400, id="zeros"),
        pytest.param(b"GET /healthz\r\n\r\n", 505, id="http09"),
        pytest.param(b"GET /healthz HTTP/1.2\r\nHost: a\r\n\r\n", 400, id="http12"),
        pytest.param(b"GET /healthz HTTP/2.0\r\nHost: a\r\n\r\n", 505, id="http20"),
        pytest.param(b"GET /healthz HTTP/1.1\r\n\r\n", 400, id="no-host"),
        pytest.param(b"GET /healthz HTTP/1.1\nHost: a\n\n", 400, id="bare-lf"),
        pytest.param(b"GET /healthz HTTP/1.1 \r\nHost: a\r\n\r\n", 400, id="space-at-the-end"),
        pytest.param(b"get /healthz HTTP/1.1\r\nHost: a\r\n\r\n", 400, id="lower-case"),
        pytest.param("GET /entity/é HTTP/1.1\r\nHost: a\r\n\r\n".encode(), 400, id="not-ascii"),
        pytest.param(b"GET healthz HTTP/1.1\r\nHost: a\r\n\r\n", 400, id="no-slash"),
        pytest.param(b"GET http://localhost HTTP/1.1\r\nHost: a\r\n\r\n", 400, id="absolute-without-path"),
        pytest.param(b"CONNECT localhost:80 HTTP/1.1\r\nHost: a\r\n\r\n", 400, id="connect"),
    ],
)
def test_what_is_no_request_is_told_once(server: Server, data: bytes, status: int) -> None:
    answer = server.answer(data)
    assert answer.status == status
    assert answer.code()
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize(
    ("data", "status"),
    [
        pytest.param(last("http://localhost/healthz"), 200, id="absolute-form"),
        pytest.param(last("http://other.example/healthz"), 200, id="absolute-form-of-another-host"),
        pytest.param(last("*", method="OPTIONS"), 204, id="options-of-all"),
        pytest.param(b"\r\n\r\n" + last("/healthz"), 200, id="empty-lines-before"),
        pytest.param(last("/healthz", "Accept:", "X:"), 200, id="empty-headers"),
        pytest.param(last("/healthz", "Expect: tea"), 200, id="other-expectation"),
    ],
)
def test_odd_requests_are_answered(server: Server, data: bytes, status: int) -> None:
    assert server.answer(data).status == status


def test_a_kept_answer_is_for_sound_requests_alone(server: Server) -> None:
    path, value = new()
    for _ in range(4):
        assert value_of(server.answer(last(path)).body) == value
    for host in ([], ["Host: a", "Host: a"]):
        data = "\r\n".join([f"GET {path} HTTP/1.1", *host, "", ""]).encode()
        assert server.answer(data).status == 400


def test_what_expects_to_be_asked_is_asked(server: Server) -> None:
    with server.connect() as connection:
        connection.sendall(post("Connection: close", "Expect: 100-continue", "Content-Length: 6"))
        assert connection.recv(1024) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"ASK {}")
        (answer,) = parsed(received(connection), "POST")
    assert answer.status == 200


@pytest.mark.parametrize("length", [70_000, 10**12])
def test_what_is_too_long_is_not_asked_for(server: Server, length: int) -> None:
    data = post("Connection: close", "Expect: 100-continue", f"Content-Length: {length}")
    assert server.answer(data).status == 413


@pytest.mark.parametrize("upgrade", ["h2c", "websocket", "TLS/1.2"])
@pytest.mark.parametrize("body", [b"", b"ASK {}"], ids=["get", "post"])
def test_an_offer_of_another_protocol_changes_nothing(server: Server, upgrade: str, body: bytes) -> None:
    offer = ("Connection: Upgrade, HTTP2-Settings", f"Upgrade: {upgrade}", "HTTP2-Settings: AAMAAABk")
    first = post(*offer, "Content-Length: 6", body=body) if body else request("/sparql?query=ASK{}", *offer)
    for data in (first + HIDDEN, first[:-3] + b"|" + first[-3:] + HIDDEN):
        head, _, tail = data.partition(b"|")
        with server.connect() as connection:
            # In one piece, and cut within the body or the end of the head.
            connection.sendall(head)
            connection.sendall(tail)
            answers = parsed(received(connection))
        assert [answer.status for answer in answers] == [200, 200]
        assert json.loads(answers[0].body)["boolean"] is True
        assert json.loads(answers[1].body)["ready"] is True


# HTTP/1.0.


@pytest.mark.parametrize("headers", [(), ("Connection: keep-alive",)])
@pytest.mark.parametrize(
    "path",
    [
        sparql("ASK {}"),
        sparql("SELECT * { ?a ?b ?c . ?d ?e ?f }"),
        sparql("CONSTRUCT { ?a ?b ?f } WHERE { ?a ?b ?c . ?d ?e ?f }"),
        "/rdf-graphs?default",
        "/dump.nt",
        "/entity/ruritania-aisi",
    ],
)
def test_http_1_0_is_told_the_length(server: Server, path: str, headers: tuple[str, ...]) -> None:
    answer = server.answer(request(path, *headers, version="1.0"))
    assert answer.status == 200
    assert "transfer-encoding" not in answer.headers
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert answer.headers["connection"] == "close"


def test_http_1_0_gets_no_answer_that_ends_early(server: Server) -> None:
    answer = server.answer(request(sparql(PAIRS), version="1.0"))
    assert (answer.status, answer.code()) in [(400, "too-many-rows"), (503, "answer-too-long")]


def test_http_1_0_is_not_told_to_go_on(server: Server) -> None:
    """A client of HTTP/1.0 knows no interim answer and takes it for the answer (RFC 9110, section 10.1.1)."""
    data = post("Expect: 100-continue", "Content-Length: 6", body=b"ASK {}").replace(
        b"HTTP/1.1", b"HTTP/1.0", 1
    )
    assert server.exchange(data).startswith(b"HTTP/1.1 200 OK\r\n")


def test_http_1_0_without_host(server: Server) -> None:
    assert server.answer(b"GET /healthz HTTP/1.0\r\n\r\n").status == 200


# Connections.


def test_pipelined_requests_are_answered_in_order(server: Server) -> None:
    known = [new(number) for number in range(3)]
    for path, value in known * 4:
        assert value_of(server.answer(last(path)).body) == value
    asked = [known[0], new(), known[1], known[2], new(), new(), known[0], known[1], new()]
    data = b"".join(request(path) for path, _ in asked)
    # Once more: what was new is kept now.
    for _ in range(2):
        answers = parsed(server.exchange(data + last("/healthz")))
        assert [value_of(answer.body) for answer in answers[:-1]] == [value for _, value in asked]
        assert json.loads(answers[-1].body)["ready"] is True


def test_pipelined_requests_that_are_cut_anywhere(server: Server) -> None:
    asked = [new() for _ in range(3)]
    data = b"".join(request(path) for path, _ in asked) + HIDDEN
    for cut in range(1, len(data), 17):
        with server.connect() as connection:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(data[:cut])
            connection.sendall(data[cut:])
            answers = parsed(received(connection))
        assert [value_of(answer.body) for answer in answers[:-1]] == [value for _, value in asked]


def test_a_large_answer_and_a_small_one_are_not_mixed(server: Server) -> None:
    path, value = new()
    large = sparql(f"SELECT * {{ ?a ?b ?c . ?d ?e ?f }} #{value}")
    first, second, third = parsed(server.exchange(request(large) + request(path) + last(large)))
    assert len(json.loads(first.body)["results"]["bindings"]) > 1000
    assert value_of(second.body) == value
    assert third.body == first.body


def test_what_is_no_request_is_no_answer_to_the_one_before(server: Server) -> None:
    path, value = new()
    came = server.exchange(request(path) + b"nothing of the kind\r\n\r\n")
    # Either the answer, or nothing; never the refusal in its place.
    assert all(value_of(answer.body) == value for answer in parsed(came)[:1])

    def is_kept() -> bool:
        assert value_of(server.answer(last(path)).body) == value
        answers = parsed(server.exchange(request(path) + b"nothing of the kind\r\n\r\n"))
        return [answer.status for answer in answers] == [200, 400]

    # Each process of the server keeps it once it has been asked for it, and which one is asked is chance.
    until(is_kept)


@pytest.mark.parametrize("number", [1, 3])
def test_a_client_that_sends_no_more_still_gets_its_answers(server: Server, number: int) -> None:
    asked = [new() for _ in range(number)]
    # The second time they are kept, and /healthz is answered by another part of the server.
    for _ in range(4):
        with server.connect() as connection:
            connection.sendall(b"".join(request(path) for path, _ in asked) + request("/healthz"))
            connection.shutdown(socket.SHUT_WR)
            answers = parsed(received(connection))
        assert [value_of(answer.body) for answer in answers[:-1]] == [value for _, value in asked]
        assert json.loads(answers[-1].body)["ready"] is True
    with server.connect() as connection:
        connection.sendall(request(asked[0][0]))
        connection.shutdown(socket.SHUT_WR)
        assert value_of(parsed(received(connection))[0].body) == asked[0][1]


@pytest.mark.parametrize("data", [b"", request("/healthz")[:-2], post("Content-Length: 9", body=b"ASK")])
def test_a_request_that_will_never_be_complete_has_no_answer(server: Server, data: bytes) -> None:
    with server.connect() as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        assert received(connection) == b""
    assert server.is_well()


def test_a_client_that_sends_no_more_does_not_hold_a_worker_for_long(server: Server) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(9)) + " }"
    with server.connect() as connection:
        connection.sendall(request(sparql(endless)))
        connection.shutdown(socket.SHUT_WR)
        # Not the refusal that comes at the limit of time.
        assert received(connection) == b""
    assert server.is_well()


@pytest.mark.parametrize("header", ["Connection: close", "Connection: CLOSE", "Connection: x, close"])
def test_close_is_honoured_for_what_is_kept_too(server: Server, header: str) -> None:
    path, value = new()
    for _ in range(4):
        answer = server.answer(request(path, header))
        assert value_of(answer.body) == value
        assert answer.headers["connection"] == "close"


def test_a_connection_is_used_again(server: Server) -> None:
    path, _ = new()
    with server.connect() as connection:
        for number in range(20):
            connection.sendall(request(path if number % 2 else new()[0]))
            assert connection.recv(65536).startswith(b"HTTP/1.1 200 ")


# Slow clients.


@pytest.fixture(scope="module")
def hasty(serve: Serve) -> Iterator[Server]:
    """Serve with the shortest time for a request that can be set."""
    with serve({"AISI_KG_REQUEST_TIMEOUT_S": "1"}) as server:
        yield server


def dribble(connection: socket.socket, data: bytes) -> Iterator[float]:
    """Send a byte at a time until the server has had enough; give the time each took."""
    connection.settimeout(0.05)
    started = time.monotonic()
    for byte in data:
        connection.sendall(bytes([byte]))
        try:
            if connection.recv(1, socket.MSG_PEEK) is not None:
                return
        except TimeoutError:
            yield time.monotonic() - started


@pytest.mark.parametrize(
    ("head", "rest"),
    [
        pytest.param(b"", request("/healthz", "X: " + "x" * 500), id="head"),
        pytest.param(request("/healthz")[:-2], b"X: x\r\n" * 100, id="headers"),
        pytest.param(post("Content-Length: 500"), b" " * 500, id="body"),
        pytest.param(post("Transfer-Encoding: chunked"), b"1\r\nx\r\n" * 100, id="chunks"),
        # The first is answered, and the second is to be no slower for that.
        pytest.param(request("/healthz?1") + b"GET", b" " + b"/x" * 300, id="second-request"),
    ],
)
def test_a_request_has_to_arrive_in_time(hasty: Server, head: bytes, rest: bytes) -> None:
    with hasty.connect() as connection:
        connection.sendall(head)
        if b"/healthz?1" in head:
            answered = b""
            while not answered.endswith(b"}"):
                answered += connection.recv(65536)
        lasted = list(dribble(connection, rest))
        connection.settimeout(30)
        (answer,) = parsed(received(connection))
    assert 0.8 < lasted[-1] < 3.5
    assert (answer.status, answer.code()) == (408, "request-timeout")


def test_a_body_that_nobody_reads_is_no_second_request(hasty: Server) -> None:
    with hasty.connect() as connection:
        connection.sendall(post("Content-Length: 70000", body=b"x" * 100))
        came = received(connection)
    (answer,) = parsed(came, "POST")
    assert answer.status == 413


def test_idle_connections_keep_nobody_waiting(server: Server) -> None:
    with ExitStack() as stack:
        for number in range(300):
            connection = stack.enter_context(server.connect())
            if number % 3 == 1:
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHo")
            elif number % 3 == 2:
                connection.sendall(request("/healthz"))
        started = time.monotonic()
        assert server.is_well()
        assert time.monotonic() - started < 5


def test_connections_beyond_the_limit_take_the_place_of_idle_ones(serve: Serve) -> None:
    settings = {"AISI_KG_MAX_CONNECTIONS": "20", "AISI_KG_WEB_PROCESSES": "1"}
    with serve(settings) as server, ExitStack() as stack:
        idle: list[socket.socket] = []
        for _ in range(3):
            idle += [stack.enter_context(server.connect()) for _ in range(15)]
            assert server.answer(last("/healthz")).status == 200
            assert server.answer(last("/healthz")).status == 200
        # Those that had to go were closed, and not reset.
        closed = select(idle, [], [], 30)[0]
        assert [connection.recv(1) for connection in closed] == [b""] * len(closed)
        assert closed


def test_a_client_that_asks_and_never_reads_takes_no_memory(server: Server) -> None:
    path = sparql("SELECT * { ?a ?b ?c . ?d ?e ?f } #kept")
    length = len(server.answer(last(path)).body)
    assert length > 300_000
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", server.port))
        connection.setblocking(False)
        # As many as the server takes, up to some gigabytes of answers.
        data, sent = request(path) * 100, 0
        end = time.monotonic() + 1
        while time.monotonic() < end and sent < 100 * len(data):
            try:
                sent += connection.send(data)
            except BlockingIOError:
                time.sleep(0.02)
            except ConnectionError:
                break
        assert server.is_well()
        assert max(memory(pid) for pid in server.processes()[server.generation()]) < 400_000_000


def memory(pid: int) -> int:
    """Give the memory of a process; 0 where the system does not tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8", "replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS:")), 0)
