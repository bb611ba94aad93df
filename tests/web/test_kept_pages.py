"""Pages are made once, compressed once, and kept no longer and no larger than they may be."""

import asyncio
import gzip
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from aisi_kg.web.app import create_site
from aisi_kg.web.kept_pages import KeptPages
from aisi_kg.web.settings import Settings
from aisi_kg.web.site import DatasetInfo

Ask = Callable[..., httpx.Response]

PAGE = "/queries"
LONG = 1_000_000


class Maker:
    """Make an answer for every request, and count them."""

    def __init__(self, **headers: str) -> None:
        self.headers = {"etag": '"1"', "cache-control": "public, max-age=600", **headers}
        self.body = b"page " * 1000
        self.status = 200
        self.made = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.made += 1
        headers = {"content-length": str(len(self.body)), "content-type": "text/html", **self.headers}
        raw = [(name.encode(), value.encode()) for name, value in headers.items() if value]
        await send({"type": "http.response.start", "status": self.status, "headers": raw})
        await send({"type": "http.response.body", "body": self.body[:10], "more_body": True})
        await send({"type": "http.response.body", "body": self.body[10:]})


class Client:
    """Ask a maker through what keeps its pages."""

    def __init__(self, maker: Maker, evaluator: Any, **settings: Any) -> None:
        self.site = create_site(evaluator, DatasetInfo("1"), Settings(web_processes=1, **settings))
        self.kept = KeptPages(maker, self.site)

    def get(self, path: str = "/x", **headers: str) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self.kept)
            async with httpx.AsyncClient(transport=transport, base_url="http://kg.example.org") as client:
                client.headers.clear()
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                return await client.get(path, headers={"host": "kg.example.org", **named})

        return asyncio.run(ask())


@pytest.fixture
def client(evaluator: Any) -> Callable[..., Client]:
    return lambda maker, **settings: Client(maker, evaluator, **settings)


def test_a_page_is_made_once(client: Callable[..., Client]) -> None:
    maker = Maker()
    asked = client(maker)
    first, second = asked.get(), asked.get()
    assert first.content == second.content == maker.body
    assert first.headers == second.headers
    assert maker.made == 1
    assert asked.site.metrics.board.total("hits") == 1


@pytest.mark.parametrize(
    "change",
    [{"accept": "text/turtle"}, {"accept_language": "zh"}, {"host": "other.example.org"}, {"path": "/x?a=1"}],
)
def test_what_may_change_a_page_makes_another(client: Callable[..., Client], change: dict[str, str]) -> None:
    maker = Maker()
    asked = client(maker)
    asked.get()
    asked.get(**change)
    assert maker.made == 2


def test_a_page_is_compressed_as_the_client_likes(client: Callable[..., Client]) -> None:
    maker = Maker()
    asked = client(maker)
    packed = asked.get(accept_encoding="gzip")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "Accept-Encoding"
    assert packed.headers["etag"] == '"1-gzip"'
    assert int(packed.headers["content-length"]) < len(maker.body)
    assert packed.content == maker.body
    assert asked.get(accept_encoding="zstd").headers["etag"] == '"1-zstd"'
    plain = asked.get(accept_encoding="identity")
    assert "content-encoding" not in plain.headers
    assert plain.headers["etag"] == '"1"'
    assert maker.made == 1


@pytest.mark.parametrize("encoding", ["gzip", "zstd", "identity"])
def test_what_the_client_has_is_not_sent(client: Callable[..., Client], encoding: str) -> None:
    asked = client(Maker())
    tag = asked.get(accept_encoding=encoding).headers["etag"]
    again = asked.get(accept_encoding=encoding, if_none_match=tag)
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == tag
    assert "content-length" not in again.headers
    assert asked.get(accept_encoding=encoding, if_none_match='"2"').status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"etag": ""},
        {"etag": 'W/"1"'},
        {"cache-control": "no-store"},
        {"cache-control": ""},
        {"content-encoding": "x-own"},
        {"accept-ranges": "bytes"},
    ],
)
def test_what_says_that_it_is_not_to_be_kept_is_not(
    client: Callable[..., Client], headers: dict[str, str]
) -> None:
    maker = Maker(**headers)
    asked = client(maker)
    asked.get()
    asked.get()
    assert maker.made == 2


def test_an_error_is_not_kept(client: Callable[..., Client]) -> None:
    maker = Maker()
    maker.status = 404
    asked = client(maker)
    assert asked.get().status_code == asked.get().status_code == 404
    assert maker.made == 2


def test_a_page_is_kept_as_long_as_it_says(
    client: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    maker = Maker()
    asked = client(maker)
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    asked.get()
    now[0] += 599
    asked.get()
    assert maker.made == 1
    now[0] += 2
    asked.get()
    assert maker.made == 2


def test_what_is_kept_is_bounded(client: Callable[..., Client]) -> None:
    maker = Maker()
    asked = client(maker, cache_bytes=4 * LONG)
    for number in range(1000):
        asked.get(f"/{number}", accept_encoding="gzip")
    assert asked.kept.size <= LONG
    asked.get("/999")
    assert maker.made == 1000
    asked.get("/0")
    assert maker.made == 1001


def test_what_a_client_adds_to_a_request_counts(client: Callable[..., Client]) -> None:
    """Each spelling of a header makes another entry; a short page is the smaller part of such a one."""
    maker = Maker()
    maker.body = b"a short page"
    asked = client(maker, cache_bytes=4 * LONG)
    for number in range(200):
        asked.get(accept_language=f"en, x-{number}" + "-a" * 10_000)
    asked.get(accept_language="en, x-0" + "-a" * 10_000)
    assert maker.made == 201
    assert asked.kept.size <= LONG


def test_a_long_page_and_one_where_nothing_may_be_kept_are_compressed_all_the_same(
    client: Callable[..., Client],
) -> None:
    maker = Maker()
    maker.body = b"long " * (LONG // 5)
    for asked in (client(maker), client(maker, cache_bytes=0)):
        answer = asked.get(accept_encoding="gzip")
        assert answer.headers["content-encoding"] == "gzip"
        assert answer.content == maker.body


def test_pages_are_sent_compressed(library_ask: Ask) -> None:
    packed = library_ask("GET", PAGE, "text/html", headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["vary"]
    plain = library_ask("GET", PAGE, "text/html")
    assert packed.content == plain.content
    assert len(gzip.compress(plain.content)) < len(plain.content)
