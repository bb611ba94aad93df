"""What the log says of a request whose client has left."""

import asyncio
import io
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from aisi_kg.web.access_log import AccessLog
from aisi_kg.web.app import create_site
from aisi_kg.web.connection import CONNECTION_KEY
from aisi_kg.web.evaluator import Evaluator
from aisi_kg.web.frame import Frame
from aisi_kg.web.site import DatasetInfo
from aisi_kg.web.sparql import SparqlEndpoint

WHOLE = {"type": "http.response.body", "body": b"all", "more_body": False}
PART = {"type": "http.response.body", "body": b"some", "more_body": True}


class Begun:
    """Stand for a connection, of which the frame asks no more than this."""

    def __init__(self) -> None:
        self.is_lost = self.has_answered = False
        self.task: asyncio.Task[Any] | None = None

    def begin(self, _scope: Scope) -> None:
        self.task = asyncio.current_task()


def logged(evaluator: Evaluator, path: str, body: Message) -> str:
    """Answer a request whose client leaves when it has the body; give what the log says."""
    site = create_site(evaluator, DatasetInfo("0.0.0+tiny"))
    stream = io.StringIO()
    object.__setattr__(site, "log", AccessLog(stream, "text"))
    connection = Begun()

    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send(body)
        await asyncio.Event().wait()

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            connection.has_answered = not message["more_body"]
            connection.is_lost = True
            if connection.task is not None:
                asyncio.get_running_loop().call_soon(connection.task.cancel)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def answer() -> None:
        scope = {
            "type": "http",
            "scheme": "http",
            "method": "GET",
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
        }
        frame = Frame(app, SparqlEndpoint(site), site)
        await frame({**scope, "headers": [], CONNECTION_KEY: connection}, receive, send)
        site.log.flush()

    asyncio.run(answer())
    return stream.getvalue().split("ms ")[1]


@pytest.mark.parametrize(
    ("path", "body", "line"),
    [
        ("/dump.nt", WHOLE, "GET /dump.nt 200 sent\n"),
        ("/dump.nt.gz", WHOLE, "GET /dump.nt.gz 200 sent\n"),
        ("/dump.nt", PART, "GET /dump.nt 200 client-left\n"),
        ("/.well-known/void", WHOLE, "GET /.well-known 200 sent\n"),
        ("/entity/uk-aisi", PART, "GET /entity 200 client-left\n"),
        ("/dump.nt.bz2", WHOLE, "GET /… 200 sent\n"),
        ("/somebody@example.org/x", WHOLE, "GET /… 200 sent\n"),
    ],
)
def test_who_had_the_whole_answer_has_not_left(
    evaluator: Evaluator, path: str, body: Message, line: str
) -> None:
    assert logged(evaluator, path, body) == line
