"""The line for each request."""

import asyncio
import io
import json
import re
from typing import get_args

import pytest

from aisi_kg.web.access_log import AccessLog, LogFormat, log_format


def written(format_: LogFormat, *tails: tuple[str, str, int, str]) -> str:
    stream = io.StringIO()

    async def write() -> None:
        log = AccessLog(stream, format_)
        for method, route, status, outcome in tails:
            log.write(log.tail(method, route, status, outcome, query="0123456789ab", rows=2), 0.01234)
        log.flush()

    asyncio.run(write())
    return stream.getvalue()


ONE = ("GET", "/sparql", 200, "sent")


def test_text() -> None:
    line = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z 12\.34ms GET /sparql 200 sent query=0123456789ab rows=2\n"
    assert re.fullmatch(line * 2, written("text", ONE, ONE))


def test_json() -> None:
    lines = [json.loads(line) for line in written("json", ONE, ("POST", "/\u2026", 503, "cut")).splitlines()]
    for line, (method, route, status, outcome) in zip(
        lines, [ONE, ("POST", "/\u2026", 503, "cut")], strict=True
    ):
        assert re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z", line.pop("time"))
        assert line == {
            "ms": 12.34,
            "method": method,
            "route": route,
            "status": status,
            "outcome": outcome,
            "query": "0123456789ab",
            "rows": 2,
        }


def test_none() -> None:
    assert written("none", ONE) == ""


def test_lines_are_written_together_and_soon() -> None:
    calls: list[str] = []

    async def write() -> None:
        is_written = asyncio.Event()

        class Telling(io.StringIO):
            def write(self, text: str) -> int:
                calls.append(text)
                is_written.set()
                return len(text)

        log = AccessLog(Telling(), "text")
        for _ in range(100):
            log.write(log.tail(*ONE), 0.0)
        assert calls == []
        await asyncio.wait_for(is_written.wait(), 10)

    asyncio.run(write())
    assert [text.count("\n") for text in calls] == [100]


@pytest.mark.parametrize("error", [BrokenPipeError, ValueError])
def test_nobody_needs_to_read_it(error: type[Exception]) -> None:
    class Closed(io.StringIO):
        def write(self, text: str) -> int:
            raise error

    async def write() -> None:
        log = AccessLog(Closed(), "text")
        for _ in range(3):
            log.write(log.tail(*ONE), 0.0)
            log.flush()

    asyncio.run(write())


@pytest.mark.parametrize("name", get_args(LogFormat))
def test_names_of_formats(name: str) -> None:
    assert log_format(name) == name


def test_another_name_is_none() -> None:
    with pytest.raises(ValueError, match="xml"):
        log_format("xml")
