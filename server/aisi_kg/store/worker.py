"""Answer the tasks that come over a socket, one after the other, until it is closed.

This is what a worker process does all its life. Nothing here keeps a query from running for ever or from
ending the process: whoever holds the other end of the socket ends the process, or sees that it has ended.
"""

import math
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from aisi_kg.errors import AisiKgError, QueryEnded
from aisi_kg.store.compression import CompressionError, Compressor, Encoding, compressed
from aisi_kg.store.engine import Engine
from aisi_kg.store.federation import Federation
from aisi_kg.store.results import Format, Tally
from aisi_kg.store.sandbox import confine, limit_cpu, limit_memory
from aisi_kg.store.services import Reply, ServiceLimits, ServiceList
from aisi_kg.store.wire import (
    Frames,
    Kind,
    Message,
    Task,
    failure,
    frame,
    pack_begun,
    pack_call,
    pack_rows,
    unpack_reply,
)

__all__ = ["STACK_BYTES", "WorkerLimits", "run_worker"]

#: The engine's parser and planner call themselves for every level of a query. The memory is only reserved:
#: what a query does not reach takes none.
STACK_BYTES = 256 * 1024 * 1024

# An answer up to this size is sent whole, with its length and ready to be kept, if it is complete in time.
_WHOLE_BYTES = 256 * 1024
_WHOLE_S = 0.004
# Later blocks are joined up to this size, or for this long.
_BLOCK_BYTES = 128 * 1024
_BLOCK_S = 0.05
_RECEIVED_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class WorkerLimits:
    """Say what one task may take.

    :param timeout_s: seconds after which whoever asked ends the worker; it is a backstop here.
    :param memory_bytes: the memory it may take beyond the dataset's.
    :param rows: the most rows or triples of an answer.
    :param services: the endpoints that SERVICE may call, through whoever asks.
    :param of_services: what one task may take of them.
    """

    timeout_s: float
    memory_bytes: int
    rows: int
    services: ServiceList = field(default_factory=ServiceList)
    of_services: ServiceLimits = field(default_factory=ServiceLimits)


def run_worker(
    engine: Engine, connection: socket.socket, limits: WorkerLimits, *, needs_files: bool = False
) -> None:
    """Answer tasks until the socket is closed, with no way to the network (see :mod:`aisi_kg.store.sandbox`).

    :param engine: what answers.
    :param connection: a stream socket; tasks come in, answers go out (see :mod:`aisi_kg.store.wire`).
    :param limits: what one task may take.
    :param needs_files: whether the engine opens files.
    """
    limit_memory(limits.memory_bytes + STACK_BYTES)
    confine(needs_files=needs_files)
    before = threading.stack_size(STACK_BYTES)
    thread = threading.Thread(target=_answer_tasks, args=(engine, connection, limits), daemon=True)
    thread.start()
    threading.stack_size(before)
    thread.join()


def _answer_tasks(engine: Engine, connection: socket.socket, limits: WorkerLimits) -> None:
    inbox = _Inbox(connection)
    renewed_at = -math.inf
    try:
        for message in inbox.tasks():
            # Seldom, since it takes as long as reading a short query. In so much time it has used no more
            # than that of the processor, so that a task always has what it may use.
            now = time.monotonic()
            if now - renewed_at >= limits.timeout_s:
                limit_cpu(3 * limits.timeout_s)
                renewed_at = now
            _answer(engine, Task.unpack(message.payload), inbox, limits)
    except OSError:
        # Whoever asked is gone, and with it the reason to be here.
        return


class _Inbox:
    """Take what comes over the socket: tasks, and in the midst of one what came of a call."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._frames = Frames()
        self._waiting: deque[Message] = deque()

    def _receive(self) -> Iterator[Message]:
        data = self.connection.recv(_RECEIVED_BYTES)
        if not data:
            raise EOFError
        return self._frames.feed(data)

    def tasks(self) -> Iterator[Message]:
        """Give the tasks, one after the other, until the socket is closed."""
        while True:
            while self._waiting:
                yield self._waiting.popleft()
            try:
                self._waiting.extend(self._receive())
            except EOFError:
                return

    def call(self, number: int, query: str) -> Reply:
        """Have a service asked (see :data:`aisi_kg.store.services.Call`)."""
        self.connection.sendall(frame(Kind.CALL, pack_call(number, query)))
        found: Reply | None = None
        while found is None:
            try:
                messages = list(self._receive())
            except EOFError as error:
                raise ConnectionError("whoever asked is gone") from error
            for message in messages:
                if message.kind == Kind.RESULT:
                    found = unpack_reply(message.payload)
                else:
                    # A task that was sent before it was known that this one takes long.
                    self._waiting.append(message)
        return found


def _answer(engine: Engine, task: Task, inbox: _Inbox, limits: WorkerLimits) -> None:
    tally = Tally(limits.rows)
    connection = inbox.connection
    reply = _Reply(connection, task.encoding, tally)
    try:
        if task.request is not None:
            request = task.request
            if limits.services:
                request = engine.federate(
                    request, Federation(limits.services, limits.of_services, inbox.call)
                )
            engine.answer(request, task.choice, reply, tally)
            reply.end()
        else:
            document = engine.document(task.iri, task.format)
            connection.sendall(frame(Kind.WHOLE, document))
    except AisiKgError as error:
        connection.sendall(failure(error))
    except (MemoryError, CompressionError):
        # Nothing but memory fails while bytes are compressed.
        connection.sendall(
            failure(QueryEnded("memory-limit", "The query needs more memory than it may take."))
        )


class _Reply:
    """Send an answer: whole where it is small and quick, else in blocks from early on."""

    _format: Format

    def __init__(self, connection: socket.socket, encoding: Encoding, tally: Tally) -> None:
        self._connection = connection
        self._encoding = encoding
        self._tally = tally
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        self._since = 0.0
        self._is_streaming = False
        self._compressor: Compressor | None = None

    def begin(self, format_: Format) -> None:
        """Learn the format (see :class:`aisi_kg.store.results.Sink`)."""
        self._format = format_
        self._since = time.monotonic()

    def write(self, data: bytes, /) -> int:
        """Take the next bytes (see :class:`aisi_kg.store.results.Sink`)."""
        # Before the bytes are kept: they may be the last, and an answer that is complete is sent whole.
        if self._is_streaming:
            if self._pending_bytes >= _BLOCK_BYTES or time.monotonic() - self._since > _BLOCK_S:
                self._send_block()
        elif self._pending_bytes >= _WHOLE_BYTES or (
            self._pending and time.monotonic() - self._since > _WHOLE_S
        ):
            self._start()
        self._pending.append(data)
        self._pending_bytes += len(data)
        return len(data)

    def _start(self) -> None:
        self._is_streaming = True
        if self._encoding:
            self._compressor = Compressor(self._encoding)
        self._connection.sendall(frame(Kind.BEGIN, pack_begun(self._format, self._encoding)))
        self._send_block()

    def _send_block(self) -> None:
        data = self._compressed(b"".join(self._pending), is_last=False)
        self._connection.sendall(frame(Kind.BLOCK, data))
        self._pending, self._pending_bytes, self._since = [], 0, time.monotonic()

    def end(self) -> None:
        """Send what is left, and that it is all."""
        data = b"".join(self._pending)
        if not self._is_streaming:
            data, encoding = compressed(data, self._encoding)
            head = pack_begun(self._format, encoding, self._tally.rows)
            self._connection.sendall(frame(Kind.WHOLE, head + data))
            return
        data = self._compressed(data, is_last=True)
        end = frame(Kind.END, pack_rows(self._tally.rows))
        self._connection.sendall(frame(Kind.BLOCK, data) + end)

    def _compressed(self, data: bytes, *, is_last: bool) -> bytes:
        return data if self._compressor is None else self._compressor.block(data, is_last=is_last)
