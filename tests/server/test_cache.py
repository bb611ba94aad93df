"""Answers that are kept: the same bytes, for those who ask for the same, within bounds."""

import gzip
import json
import time
from collections.abc import Iterator
from itertools import count
from urllib.parse import quote

import pytest
import zstandard
from tests.server.conftest import Answer, Serve, Server, parsed, received

JSON, CSV = "application/sparql-results+json", "text/csv"
PAIRS = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 200"
_numbers = count()


@pytest.fixture(scope="module")
def alone(serve: Serve) -> Iterator[Server]:
    """Serve by one web process, so that what one request has kept is there for the next."""
    with serve({"AISI_KG_WEB_PROCESSES": "1", "AISI_KG_CACHE_BYTES": str(2 * 1024 * 1024)}) as server:
        yield server


def new(text: str) -> str:
    """Make a query that nobody has asked before."""
    return f"{text} # {next(_numbers)}"


def ask(server: Server, text: str, *headers: str, method: str = "GET") -> Answer:
    lines = [f"{method} /sparql?query={quote(text)} HTTP/1.1", "Host: a", "Connection: close", *headers]
    return server.answer("\r\n".join([*lines, "", ""]).encode())


def ask_on(server: Server, text: str, *headers: str, times: int) -> list[Answer]:
    """Ask several times on one connection, one after the other; all but the first are answered at once."""
    lines = [f"GET /sparql?query={quote(text)} HTTP/1.1", "Host: a", *headers, "", ""]
    data = "\r\n".join(lines).encode()
    answers = []
    with server.connect() as connection:
        for _ in range(times):
            connection.sendall(data)
            came = b""
            while not (answers_now := complete(came)):
                came += connection.recv(1 << 16)
            answers += answers_now
        connection.sendall(data.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        answers += parsed(received(connection))
    return answers


def complete(data: bytes) -> list[Answer]:
    head, separator, body = data.partition(b"\r\n\r\n")
    if not separator:
        return []
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return parsed(data) if len(body) == int(line.partition(b":")[2]) else []
    # On a busy machine an answer may be sent in blocks, and is kept all the same.
    return parsed(data) if body.endswith(b"\r\n0\r\n\r\n") else []


def hits(server: Server) -> float:
    return server.metric("aisi_kg_cache_hits_total")


def without_date(answer: Answer) -> tuple[int, dict[str, str], bytes]:
    own = {"date", "connection", "content-length", "transfer-encoding"}
    return answer.status, {n: v for n, v in answer.headers.items() if n not in own}, answer.body


@pytest.mark.parametrize("coding", ["identity", "gzip", "zstd"])
@pytest.mark.parametrize(
    "text", [PAIRS, "ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }"], ids=["select", "ask", "construct"]
)
def test_a_kept_answer_is_the_answer(alone: Server, text: str, coding: str) -> None:
    before = hits(alone)
    answers = ask_on(alone, new(text), f"Accept-Encoding: {coding}", times=3)
    assert hits(alone) == before + 3
    assert len({repr(without_date(answer)) for answer in answers}) == 1
    assert answers[0].status == 200
    assert answers[0].headers["etag"]
    assert answers[0].headers["cache-control"] == "public, max-age=60"
    assert answers[0].headers["vary"] == "Accept, Accept-Encoding"


def test_a_kept_answer_has_todays_date(alone: Server) -> None:
    text = new("ASK {}")
    first = ask(alone, text)
    time.sleep(1.1)
    assert ask(alone, text).headers["date"] > first.headers["date"]


@pytest.mark.parametrize(
    ("coding", "decoded"),
    [
        ("gzip", gzip.decompress),
        ("zstd", lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body)),
    ],
)
@pytest.mark.parametrize("text", [PAIRS, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 15000"])
def test_a_compressed_answer_is_the_answer(alone: Server, text: str, coding: str, decoded: object) -> None:
    plain = ask(alone, text, "Accept-Encoding: identity")
    # Once as it is written, once as it is kept where it is small enough for that.
    for _ in range(2):
        answer = ask(alone, text, f"Accept-Encoding: {coding}")
        assert answer.headers["content-encoding"] == coding
        assert callable(decoded)
        assert decoded(answer.body) == plain.body
        assert answer.headers["etag"] != plain.headers["etag"]
        assert len(answer.body) < len(plain.body) / 4


def test_what_is_short_is_not_compressed(alone: Server) -> None:
    answer = ask(alone, new("ASK {}"), "Accept-Encoding: gzip, zstd")
    assert "content-encoding" not in answer.headers
    assert json.loads(answer.body)["boolean"] is True


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("gzip, zstd", "zstd"),
        ("gzip;q=1, zstd;q=0.5", "gzip"),
        ("gzip;q=0, *", "zstd"),
        ("identity, gzip;q=0.5", ""),
        ("br, deflate", ""),
        ("*;q=0", ""),
        ("", ""),
        ("x" * 292 + ", gzip;q=0", ""),
    ],
)
def test_the_coding_is_the_one_asked_for(alone: Server, header: str, coding: str) -> None:
    answer = ask(alone, new(PAIRS), f"Accept-Encoding: {header}")
    assert answer.headers.get("content-encoding", "") == coding


def test_formats_and_codings_are_never_mixed(alone: Server) -> None:
    text = new(PAIRS)
    asked = [
        (f"Accept: {media_type}", f"Accept-Encoding: {coding}")
        for media_type in (JSON, CSV, "application/sparql-results+xml", "text/tab-separated-values")
        for coding in ("identity", "gzip", "zstd")
    ]
    for _ in range(3):
        for headers in (*asked, *reversed(asked)):
            answer = ask(alone, text, *headers)
            assert f"Accept: {answer.headers['content-type'].partition(';')[0]}" == headers[0]
            coding = answer.headers.get("content-encoding", "identity")
            assert f"Accept-Encoding: {coding}" == headers[1]
    tags = {ask(alone, text, *headers).headers["etag"] for headers in asked}
    assert len(tags) == len(asked)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("Accept: text/csv", f"Accept: {JSON}"), (f"Accept: {CSV},{JSON}",)),
        (("Accept:", "Accept: text/csv"), ("Accept: ,text/csv",)),
        (("Accept: text/csv", "Accept:"), ("Accept: text/csv,",)),
        (("Accept-Encoding: identity", "Accept-Encoding: gzip"), ("Accept-Encoding: identity,gzip",)),
        (("Accept-Encoding:", "Accept-Encoding: gzip"), ("Accept-Encoding: gzip",)),
    ],
)
@pytest.mark.parametrize("is_reversed", [False, True])
def test_headers_that_are_spelt_alike_mean_alike(
    alone: Server, one: tuple[str, ...], other: tuple[str, ...], is_reversed: bool
) -> None:
    text = new(PAIRS)
    first, second = (other, one) if is_reversed else (one, other)
    for _ in range(3):
        answers = [ask(alone, text, *first), ask(alone, text, *second)]
        assert len({repr(without_date(answer)) for answer in answers}) == 1


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_who_has_the_answer_is_told_so(alone: Server, method: str) -> None:
    text = new(PAIRS)
    tag = ask(alone, text).headers["etag"]
    # Whether it is kept, or was never asked of this dataset and process.
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        answer = ask(alone, text, f"If-None-Match: {known}", method=method)
        assert (answer.status, answer.body) == (304, b"")
        assert answer.headers["etag"] == tag
        assert "content-type" not in answer.headers
    for known in ('"other"', tag.strip('"'), tag[:-2] + '"'):
        assert ask(alone, text, f"If-None-Match: {known}", method=method).status == 200
    assert ask(alone, text, f"If-None-Match: {tag}", f"Accept: {CSV}").status == 200


def test_another_text_and_another_dataset_have_another_tag(alone: Server) -> None:
    text = new(PAIRS)
    asked = [
        text,
        text + " ",
        text + "&default-graph-uri=http://e/a",
        text + "&named-graph-uri=http://e/a",
        text + "&default-graph-uri=http://e/a&default-graph-uri=http://e/b",
        text + "&default-graph-uri=http://e/a&named-graph-uri=http://e/b",
        # Names no graph, and spells like the third.
        text + "\0http://e/a",
    ]
    tags = set()
    for each in asked:
        query, *graphs = each.split("&")
        path = "&".join([quote(query), *graphs])
        data = f"GET /sparql?query={path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        answer = alone.answer(data.encode())
        assert answer.status == 200
        tags.add(answer.headers["etag"])
    assert len(tags) == len(asked)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (RAND() AS ?x) {}",
        "SELECT (NOW() AS ?x) {}",
        "SELECT (UUID() AS ?x) {}",
        "SELECT (STRUUID() AS ?x) {}",
        "SELECT (rAnD() AS ?x) {}",
        "SELECT (MD5(STR(RAND())) AS ?x) {}",
        "SELECT (R\\u0041ND() AS ?x) {}",
        "SELECT (N\\u004fW() AS ?x) {}",
        "SELECT (UU\\U00000049D() AS ?x) {}",
    ],
)
def test_what_changes_is_not_kept(alone: Server, text: str) -> None:
    before = hits(alone)
    answers = [ask(alone, text) for _ in range(4)]
    assert hits(alone) == before
    if answers[0].status == 200:
        assert len({answer.body for answer in answers}) == 4
        assert answers[0].headers["cache-control"] == "no-store"
        assert "etag" not in answers[0].headers


def test_errors_are_not_kept(alone: Server) -> None:
    before = hits(alone)
    for text in ("ASK {", "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?a"):
        assert {ask(alone, text).status for _ in range(3)} & {200} == set()
    assert hits(alone) == before


def test_an_answer_that_broke_off_is_not_kept(alone: Server) -> None:
    before = hits(alone)
    text = "SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    for _ in range(3):
        data = f"GET /sparql?query={quote(text)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        came = alone.exchange(data.encode())
        assert not came.endswith(b"0\r\n\r\n")
    assert hits(alone) == before


def test_the_cache_is_bounded(serve: Serve) -> None:
    limit = 300_000
    settings = {"AISI_KG_WEB_PROCESSES": "1", "AISI_KG_CACHE_BYTES": str(limit)}
    with serve(settings) as server:
        sizes = []
        texts = [f"SELECT * {{ ?a ?b ?c }} LIMIT {number % 7 + 1} # {number}" for number in range(150)]
        for number, text in enumerate(texts):
            for more in ("", "&a=1", "&a=2"):
                response = server.client.get(f"/sparql?query={quote(text)}{more}")
                assert response.status_code == 200
            if number % 50 == 49:
                time.sleep(0.6)
                sizes.append(server.metric("aisi_kg_cache_bytes"))
        assert max(sizes) <= limit
        assert min(sizes) > limit / 2
        # The last are there, the first are not.
        before = hits(server)
        assert server.client.get(f"/sparql?query={quote(texts[-1])}").status_code == 200
        assert hits(server) == before + 1
        assert server.client.get(f"/sparql?query={quote(texts[0])}").status_code == 200
        assert hits(server) == before + 1


def test_no_cache_is_one_that_can_be_set(serve: Serve) -> None:
    with serve({"AISI_KG_WEB_PROCESSES": "1", "AISI_KG_CACHE_BYTES": "0"}) as server:
        answers = ask_on(server, PAIRS, times=3)
        assert len({repr(without_date(answer)) for answer in answers}) == 1
        assert hits(server) == 0
