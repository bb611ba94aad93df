"""Dumps: whole, in parts, compressed, and what is said about their bytes."""

import base64
import gzip
import hashlib
from collections.abc import Callable, Mapping

import httpx
import pytest

from aisi_kg.store.results import GRAPH_FORMATS, Format
from aisi_kg.web.site import Dump

Ask = Callable[..., httpx.Response]

PATH = "/dump.ttl"


@pytest.fixture(scope="module")
def content(dumps: Mapping[str, Dump]) -> bytes:
    return dumps["ttl"].path.read_bytes()


def raw(response: httpx.Response) -> bytes:
    """Give the bytes as they were sent; httpx decodes what is encoded."""
    assert response.headers["content-encoding"] == "gzip"
    return gzip.compress(response.content, mtime=0)


def repr_digest(data: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(data).digest()).decode()}:"


@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda f: f.name)
def test_dumps_are_the_files(ask: Ask, dumps: Mapping[str, Dump], format_: Format) -> None:
    path = f"/dump.{format_.extension}"
    response = ask("GET", path)
    assert response.status_code == 200
    assert response.content == dumps[format_.extension].path.read_bytes()
    assert response.headers["content-type"] == format_.content_type
    assert response.headers["content-length"] == str(len(response.content))
    assert response.headers["etag"] == f'"{dumps[format_.extension].sha256}"'
    assert response.headers["repr-digest"] == repr_digest(response.content)
    assert response.headers["digest"] == repr_digest(response.content).replace("sha-256=:", "SHA-256=")[:-1]
    assert response.headers["accept-ranges"] == "bytes"
    assert response.headers["vary"] == "Accept-Encoding"
    assert 'rel="license"' in response.headers["link"]
    assert 'rel="describedby"' in response.headers["link"]
    # When it was written here says nothing about when it changed.
    assert "last-modified" not in response.headers
    head = ask("HEAD", path)
    assert head.content == b""
    assert dict(head.headers) == dict(response.headers)


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=2-5", 2, 6),
        ("Bytes=2-5", 2, 6),
        ("bytes=0-0", 0, 1),
        ("bytes=10-", 10, None),
        ("bytes=-4", -4, None),
        ("bytes=-100000", 0, None),
        ("bytes=10-100000", 10, None),
        # One that the file has is enough.
        ("bytes=2-5,100000-", 2, 6),
        # Elements of a list may be empty.
        ("bytes=2-5,", 2, 6),
        ("bytes=, ,2-5 , ,100000-, ", 2, 6),
    ],
)
def test_a_part(ask: Ask, content: bytes, header: str, start: int, end: int | None) -> None:
    response = ask("GET", PATH, headers={"range": header, "accept-encoding": "gzip"})
    assert response.status_code == 206
    part = content[start:end]
    assert response.content == part
    first = content.index(part) if start >= 0 else len(content) - len(part)
    assert response.headers["content-range"] == f"bytes {first}-{first + len(part) - 1}/{len(content)}"
    assert response.headers["content-length"] == str(len(part))
    # The digest is that of the whole file, so that the parts can be checked when they are put together.
    assert response.headers["repr-digest"] == repr_digest(content)
    assert "content-encoding" not in response.headers


def test_several_parts(ask: Ask, content: bytes) -> None:
    response = ask("GET", PATH, headers={"range": "bytes=0-1, -2"})
    assert response.status_code == 206
    assert response.headers["content-type"].startswith("multipart/byteranges; boundary=")
    assert b"\r\n\r\n" + content[:2] + b"\r\n" in response.content
    assert b"\r\n\r\n" + content[-2:] + b"\r\n" in response.content


@pytest.mark.parametrize("header", ["bytes=100000-", "bytes=100000-100001,200000-", "bytes=-0"])
def test_a_part_that_is_not_there(ask: Ask, content: bytes, header: str) -> None:
    response = ask("GET", PATH, headers={"range": header})
    assert response.status_code == 416
    assert response.headers["content-range"] == f"bytes */{len(content)}"
    assert response.json()["code"] == "range-not-satisfiable"


@pytest.mark.parametrize(
    "header",
    [
        "lines=1-2",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-2",
        "bytes=,",
        "bytes=1-2;3-4",
        "bytes=" + "0-1," * 500 + "0-1",
        "bytes=" + "9" * 5_000 + "-",
    ],
)
def test_what_asks_for_no_part_gets_all(ask: Ask, content: bytes, header: str) -> None:
    response = ask("GET", PATH, headers={"range": header})
    assert response.status_code == 200
    assert response.content == content


def test_of_a_head_no_part_is_asked(ask: Ask, content: bytes) -> None:
    response = ask("HEAD", PATH, headers={"range": "bytes=0-1"})
    assert response.status_code == 200
    assert response.headers["content-length"] == str(len(content))


def test_a_part_of_another_file_is_not_sent(ask: Ask, content: bytes) -> None:
    tag = ask("GET", PATH).headers["etag"]
    for condition, status in (
        (tag, 206),
        ('"other"', 200),
        # A weak tag does not vouch for bytes, and no date is told that could come back.
        (f"W/{tag}", 200),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 200),
    ):
        response = ask("GET", PATH, headers={"range": "bytes=0-1", "if-range": condition})
        assert response.status_code == status
        assert response.content == (content[:2] if status == 206 else content)


def test_who_has_it_gets_no_part(ask: Ask) -> None:
    tag = ask("GET", PATH).headers["etag"]
    response = ask("GET", PATH, headers={"range": "bytes=0-1", "if-none-match": tag})
    assert response.status_code == 304
    assert response.content == b""
    assert response.headers["vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    "accept", ["gzip", "x-gzip", "br, gzip;q=0.5", "*", "identity;q=0.5, gzip", "identity;q=0, *"]
)
def test_compressed(ask: Ask, content: bytes, accept: str) -> None:
    plain = ask("GET", PATH)
    response = ask("GET", PATH, headers={"accept-encoding": accept})
    assert response.status_code == 200
    assert response.content == content
    assert raw(response)
    assert int(response.headers["content-length"]) < len(content)
    assert response.headers["content-type"] == plain.headers["content-type"]
    assert response.headers["vary"] == "Accept-Encoding"
    # Other bytes have another tag and another digest.
    assert response.headers["etag"] != plain.headers["etag"]
    assert response.headers["repr-digest"] != plain.headers["repr-digest"]
    again = {"accept-encoding": accept, "if-none-match": response.headers["etag"]}
    not_again = ask("GET", PATH, headers=again)
    assert not_again.status_code == 304
    assert not_again.headers["vary"] == "Accept-Encoding"
    assert ask("GET", PATH, headers={"if-none-match": response.headers["etag"]}).status_code == 200
    head = ask("HEAD", PATH, headers={"accept-encoding": accept})
    assert head.headers["etag"] == response.headers["etag"]


@pytest.mark.parametrize(
    "accept", ["", "identity", "br", "gzip;q=0", "gzip;q=0.5, identity", "*;q=0, identity"]
)
def test_not_compressed(ask: Ask, content: bytes, accept: str) -> None:
    response = ask("GET", PATH, headers={"accept-encoding": accept})
    assert "content-encoding" not in response.headers
    assert response.content == content


@pytest.mark.parametrize("accept", ["identity;q=0", "*;q=0", "br, identity;q=0"])
def test_who_refuses_both_gets_neither(ask: Ask, accept: str) -> None:
    response = ask("GET", PATH, headers={"accept-encoding": accept})
    assert response.status_code == 406
    assert response.json()["code"] == "not-acceptable"


def test_a_compressed_file(ask: Ask, content: bytes) -> None:
    response = ask("GET", PATH + ".gz", headers={"range": "bytes=0-1"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/gzip"
    assert "content-encoding" not in response.headers
    assert gzip.decompress(response.content) == content
    assert response.headers["content-length"] == str(len(response.content))
    assert response.headers["repr-digest"] == repr_digest(response.content)
    # The same each time, whatever the clock says.
    assert response.content[4:8] == b"\0\0\0\0"
    encoded = ask("GET", PATH, headers={"accept-encoding": "gzip"})
    assert encoded.headers["etag"] == response.headers["etag"]


def test_it_is_compressed_once(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    ask("GET", "/dump.nt.gz")

    def compress(*_: object, **__: object) -> bytes:
        raise AssertionError

    monkeypatch.setattr(gzip, "compress", compress)
    assert ask("GET", "/dump.nt.gz").status_code == 200


@pytest.mark.parametrize("path", ["/dump.zip", "/dump.gz", "/dump.ttl.gz.gz", "/dump.ttl.zip"])
def test_another_file_is_not_there(ask: Ask, path: str) -> None:
    response = ask("GET", path)
    assert response.status_code == 404
    assert "/dump.ttl" in response.json()["detail"]
