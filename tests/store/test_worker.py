"""A worker, over a socket, in a process of its own: what it answers and how it ends."""

import gzip
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import zstandard

from aisi_kg.errors import (
    AisiKgError,
    FormatRefused,
    QueryEnded,
    QueryRejected,
    ServiceRefused,
    UnknownResource,
)
from aisi_kg.store.compression import Encoding
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.results import Choice, Format
from aisi_kg.store.wire import Frames, Kind, Message, Task, error_of, unpack_begun, unpack_rows

ROWS = 5000
ENTITY = "https://w3id.org/aisi-kg/entity/ruritania-aisi"
PAIRS = "SELECT * { ?a ?b ?c . ?d ?e ?f }"

# Works over the socket that it inherits. It has no other way to be told anything.
PROGRAM = """
import socket, sys
from pyoxigraph import Quad, RdfFormat, Store
from aisi_kg.store.engine import Engine
from aisi_kg.store.worker import WorkerLimits, run_worker

number, path, memory, rows = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
store = Store()
store.load(path=path, format=RdfFormat.TRIG)
store.extend(Quad(quad.subject, quad.predicate, quad.object) for quad in list(store))
engine = Engine(store, {}, lambda format_, iri: f"{format_} of {iri}".encode())
run_worker(engine, socket.socket(fileno=number), WorkerLimits(60, memory, rows))
"""


class Reply(NamedTuple):
    """What came for a task."""

    format: Format
    encoding: Encoding
    rows: int
    body: bytes
    kinds: list[bytes]


class Worker:
    """Hold a worker."""

    def __init__(self, path: Path, memory: int) -> None:
        self.socket, theirs = socket.socketpair()
        self.socket.settimeout(60)
        arguments = [sys.executable, "-c", PROGRAM, *map(str, (theirs.fileno(), path, memory, ROWS))]
        with theirs:
            self.process = subprocess.Popen(
                arguments, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        self.frames = Frames()

    def messages(self) -> Iterator[Message]:
        while data := self.socket.recv(1 << 16):
            yield from self.frames.feed(data)

    def ask(self, task: Task) -> Reply:
        """Have a task done; raise what the worker says went wrong, or EOFError if it ends."""
        self.socket.sendall(task.pack())
        begun, body, kinds = None, b"", []
        for kind, payload in self.messages():
            kinds.append(kind)
            if kind == Kind.FAILURE:
                raise error_of(payload)
            if kind == Kind.WHOLE:
                begun, body = unpack_begun(payload)
                return Reply(*begun, body, kinds)
            if kind == Kind.BEGIN:
                begun, _ = unpack_begun(payload)
            elif kind == Kind.BLOCK:
                body += payload
            else:
                assert kind == Kind.END
                assert begun is not None
                return Reply(begun.format, begun.encoding, unpack_rows(payload), body, kinds)
        raise EOFError

    def end(self) -> int:
        """Close the socket; give what the worker ends with."""
        self.socket.close()
        return self.process.wait(60)


@pytest.fixture(scope="module")
def tiny(checkout: Path) -> Path:
    return checkout / "tests" / "query" / "tiny.trig"


@pytest.fixture
def worker(tiny: Path) -> Iterator[Worker]:
    made = Worker(tiny, 64 * 1024 * 1024)
    yield made
    made.end()


def query(text: str, encoding: Encoding = "", choice: Choice | None = None) -> Task:
    return Task(QueryRequest(text), choice or Choice(), encoding)


def decoded(reply: Reply) -> bytes:
    if reply.encoding == "gzip":
        return gzip.decompress(reply.body)
    if reply.encoding == "zstd":
        return zstandard.ZstdDecompressor().decompressobj().decompress(reply.body)
    return reply.body


def test_a_small_answer_is_sent_whole(worker: Worker) -> None:
    reply = worker.ask(query("ASK {}"))
    assert (reply.format.name, reply.kinds) == ("json", [Kind.WHOLE])
    assert json.loads(reply.body)["boolean"] is True
    reply = worker.ask(query("SELECT * { ?a ?b ?c } LIMIT 3"))
    assert (reply.rows, len(json.loads(reply.body)["results"]["bindings"])) == (3, 3)


@pytest.mark.parametrize("encoding", ["", "gzip", "zstd"])
def test_a_large_answer_is_sent_in_blocks(worker: Worker, encoding: Encoding) -> None:
    text = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } LIMIT 4000"
    reply = worker.ask(query(text, encoding))
    assert reply.encoding == encoding
    assert reply.rows == 4000
    assert (reply.kinds[0], reply.kinds[1], reply.kinds[-1]) == (Kind.BEGIN, Kind.BLOCK, Kind.END)
    assert len(json.loads(decoded(reply))["results"]["bindings"]) == 4000


@pytest.mark.parametrize("encoding", ["gzip", "zstd"])
def test_what_is_short_is_not_compressed(worker: Worker, encoding: Encoding) -> None:
    assert worker.ask(query("ASK {}", encoding)).encoding == ""
    reply = worker.ask(query(f"{PAIRS} LIMIT 20", encoding))
    assert (reply.encoding, reply.kinds) == (encoding, [Kind.WHOLE])
    assert len(json.loads(decoded(reply))["results"]["bindings"]) == 20


@pytest.mark.parametrize("encoding", ["", "gzip", "zstd"])
@pytest.mark.parametrize("result", ["json", "xml", "csv", "tsv"])
def test_nothing_piles_up_from_task_to_task(worker: Worker, encoding: Encoding, result: str) -> None:
    # What each of them left behind would be more than the memory that there is.
    for number in range(400):
        reply = worker.ask(query(f"{PAIRS} LIMIT 20 # {number}", encoding, Choice(result)))
        assert reply.rows == 20
        assert reply.encoding == encoding


def test_a_document(worker: Worker) -> None:
    worker.socket.sendall(Task(None, iri=ENTITY, format="turtle").pack())
    message = next(worker.messages())
    assert message == (Kind.WHOLE, f"turtle of {ENTITY}".encode())
    with pytest.raises(UnknownResource):
        worker.ask(Task(None, iri="https://w3id.org/aisi-kg/entity/none", format="turtle"))


@pytest.mark.parametrize(
    ("task", "error"),
    [
        (query("ASK {"), QueryRejected),
        (query("ASK { SERVICE <http://127.0.0.1:1/> {} }"), ServiceRefused),
        (query("ASK {}", choice=Choice(None)), FormatRefused),
        (query("SELECT ?a { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"), QueryEnded),
    ],
)
def test_an_error_is_told_and_the_next_task_done(
    worker: Worker, task: Task, error: type[AisiKgError]
) -> None:
    for _ in range(2):
        with pytest.raises(error):
            worker.ask(task)
        assert json.loads(worker.ask(query("ASK {}")).body)["boolean"] is True


def test_tasks_may_come_before_they_are_asked_for(worker: Worker) -> None:
    worker.socket.sendall(query("ASK {}").pack() * 50)
    messages = worker.messages()
    assert {next(messages).kind for _ in range(50)} == {Kind.WHOLE}


def test_it_ends_when_its_socket_does(worker: Worker) -> None:
    assert worker.ask(query("ASK {}")).rows == 0
    assert worker.end() == 0


def test_it_ends_where_nobody_takes_its_answer(worker: Worker) -> None:
    worker.socket.sendall(query("CONSTRUCT WHERE { ?a ?b ?c }").pack() * 1000)
    assert worker.end() == 0


def test_it_ends_at_its_limit_of_memory(worker: Worker) -> None:
    task = query(
        "SELECT (COUNT(*) AS ?n) { { SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } } }"
    )
    # The engine ends its process, and whoever asked sees that.
    with pytest.raises((EOFError, ConnectionResetError, QueryEnded)) as caught:
        worker.ask(task)
    if not isinstance(caught.value, QueryEnded):
        assert worker.process.wait(60) == -signal.SIGABRT


def test_it_ends_when_it_is_killed(worker: Worker) -> None:
    assert worker.ask(query("ASK {}")).rows == 0
    worker.socket.sendall(query(PAIRS.replace("}", ". ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }")).pack())
    os.kill(worker.process.pid, signal.SIGKILL)
    assert worker.process.wait(60) == -signal.SIGKILL
