"""What nobody thought of: made-up requests, headers and queries. Nothing hangs, fails or ends the server."""

import json
import socket
from contextlib import suppress
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.server.conftest import Server, parsed, received

STATUSES = {200, 204, 206, 304, 400, 403, 404, 405, 406, 408, 413, 414, 415, 416, 431, 503, 505}
bounded = settings(
    max_examples=80,
    deadline=None,
    # The server is the same for all examples, as it is for all its clients.
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

METHODS = ["GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "TRACE", "CONNECT", "get", "G\0T", ""]
PATHS = [
    "/",
    "/sparql",
    "/sparql?query=ASK%7B%7D",
    "/rdf-graphs",
    "/entity/x",
    "/dump.nt",
    "/healthz",
    "*",
    "//",
    "?",
]
NAMES = [
    "Accept",
    "Accept-Encoding",
    "Connection",
    "Content-Length",
    "Content-Type",
    "Expect",
    "Host",
    "If-None-Match",
    "If-Range",
    "Range",
    "Transfer-Encoding",
    "Upgrade",
    "X",
]
VALUES = [
    "chunked",
    "close",
    "keep-alive",
    "upgrade",
    "h2c",
    "100-continue",
    "0",
    "6",
    "-1",
    "gzip",
    "bytes=0-1,3-",
    "*",
    "*/*;q=0",
    "application/sparql-query",
    "application/x-www-form-urlencoded; charset=",
    '"',
]
texts = st.text(st.characters(codec="latin-1", exclude_characters="\r\n"), max_size=30)
header = st.tuples(st.sampled_from(NAMES) | texts, st.sampled_from(VALUES) | texts)


def is_alive(server: Server) -> None:
    assert server.client.get("/healthz").status_code == 200
    assert server.metric("aisi_kg_server_errors_total") == 0


def end(server: Server, data: bytes) -> bytes:
    """Send bytes and say that no more come; give what comes until the server closes."""
    with server.connect() as connection:
        # It may have answered and closed already.
        with suppress(OSError):
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
        return received(connection)


@bounded
@given(st.binary(max_size=300))
def test_any_bytes(server: Server, data: bytes) -> None:
    for head in (
        b"",
        b"GET / HTTP/1.1\r\nHost: a\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: ",
    ):
        came = end(server, head + data)
        assert not came or came.startswith(b"HTTP/1.1 ")
        assert not came.startswith(b"HTTP/1.1 5") or came.startswith(b"HTTP/1.1 505 ")
    is_alive(server)


@bounded
@given(
    st.sampled_from(METHODS),
    st.sampled_from(PATHS) | texts,
    st.sampled_from(["HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/1", ""]),
    st.lists(header, max_size=6),
    st.binary(max_size=60),
)
def test_any_request(
    server: Server, method: str, path: str, version: str, headers: list[tuple[str, str]], body: bytes
) -> None:
    lines = [f"{method} {path} {version}", "Host: a", *(f"{name}: {value}" for name, value in headers)]
    came = end(server, "\r\n".join([*lines, "", ""]).encode("latin-1") + body)
    if came:
        # An answer to HEAD has a length and no body, and one that waits for a body says so first.
        assert int(came.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")[9:12]) in STATUSES
    is_alive(server)


@bounded
@given(
    st.lists(
        texts | st.sampled_from(["text/csv", "*/*", ";q=0", ";q=", ",", '"', "a/b;q=0.5", "\t"]), max_size=8
    )
)
def test_any_accept(server: Server, parts: list[str]) -> None:
    value = "".join(parts).replace("\0", "").strip()
    for name in ("Accept", "Accept-Encoding", "If-None-Match", "Range"):
        for path in ("/sparql?query=ASK%7B%7D", "/sparql", "/dump.nt", "/entity/ruritania-aisi", "/none"):
            data = f"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{name}: {value}\r\n\r\n"
            for answer in parsed(server.exchange(data.encode("latin-1"))):
                assert answer.status in STATUSES
    is_alive(server)


@bounded
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["query", "update", "format", "default-graph-uri", "named-graph-uri", "graph", ""]
            ),
            st.text(max_size=20) | st.sampled_from(["ASK {}", "csv", "http://e/a", "%", "\0"]),
        ),
        max_size=5,
    ),
    st.text(st.characters(codec="ascii", exclude_characters=" \r\n#"), max_size=20),
)
def test_any_query_string(server: Server, parameters: list[tuple[str, str]], tail: str) -> None:
    encoded = "&".join(f"{name}={quote(value, errors='replace')}" for name, value in parameters) + tail
    for path in ("/sparql", "/rdf-graphs", "/entity/x"):
        data = f"GET {path}?{encoded} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        (answer,) = parsed(server.exchange(data.encode()))
        assert answer.status in STATUSES
        if answer.status >= 400:
            assert answer.code()
    is_alive(server)


TOKENS = [
    *"SELECT ASK CONSTRUCT DESCRIBE WHERE FROM NAMED GRAPH OPTIONAL UNION MINUS FILTER EXISTS NOT".split(),
    *"BIND AS VALUES UNDEF GROUP ORDER BY HAVING LIMIT OFFSET DISTINCT REDUCED COUNT SUM MIN ".split(),
    *"GROUP_CONCAT SEPARATOR IF COALESCE REGEX IN STR LANG DATATYPE BOUND IRI PREFIX BASE SERVICE ".split(),
    *"INSERT DELETE LOAD a true false * ( ) { } [ ] . ; , / | ^ ! = != < > <= >= && || + - ^^ @en".split(),
    *"<< >>".split(),
    *"?x ?y ?s ?p ?o $z 1 -1 1.5 1e9 0 'b' <http://e/a> <> e:a : _:b # é 𝄞 \\u0041".split(),
    '"a"',
    '"""c"""',
    "\n",
]


@settings(bounded, max_examples=250)
@given(
    st.lists(st.sampled_from(TOKENS), max_size=25),
    st.sampled_from(["", "SELECT * {", "ASK {", "SELECT ?x {"]),
)
def test_any_query(server: Server, tokens: list[str], head: str) -> None:
    text = " ".join([head, *tokens])
    for whole in (text, text + "}" * max(0, text.count("{") - text.count("}"))):
        response = server.ask(whole)
        assert response.status_code in (200, 400, 403, 406, 503), whole
        if response.is_success:
            assert response.content or not response.headers["content-type"].endswith("json")
        else:
            problem = json.loads(response.content)
            assert problem["code"] in (
                "malformed-query",
                "service-refused",
                "update-refused",
                "memory-limit",
                "query-timeout",
                "query-too-complex",
                "too-many-rows",
            ), (whole, problem)


@settings(bounded, max_examples=60)
@given(
    st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_any_bytes_as_a_query(server: Server, data: bytes) -> None:
    for media_type in ("application/sparql-query", "application/x-www-form-urlencoded"):
        for body in (data, b"query=" + data, b"ASK {} #" + data):
            response = server.client.post("/sparql", content=body, headers={"content-type": media_type})
            assert response.status_code in (200, 400, 403)
    is_alive(server)


def test_the_server_has_outlived_all_of_it(server: Server) -> None:
    assert server.process.poll() is None
    assert server.is_well()


@pytest.mark.parametrize("cut", range(0, 120, 7))
def test_a_request_that_ends_anywhere(server: Server, cut: int) -> None:
    head = "POST /sparql HTTP/1.1", "Host: a", "Content-Type: application/sparql-query", "Content-Length: 40"
    whole = "\r\n".join([*head, "", "ASK {} #"]).encode()
    end(server, whole[:cut])
    assert server.is_well()
