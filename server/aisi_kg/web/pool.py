"""Evaluate in worker processes that can be ended at any moment.

A web process holds some workers, each at the other end of a socket. A query goes to one that is idle. Where
none is, it waits for one; where it has waited a little, because those there are have long queries, more are
made, up to a limit. Where that is reached, the query that has run longest for the client with most of them is
ended, once it has had its time: so a query waits a bounded time, whatever the others ask.

A worker is made by the process that holds the dataset (:mod:`aisi_kg.web.generation`) in some milliseconds,
and a query ends by ending its worker: nothing else stops the engine.
"""

import asyncio
import os
import signal
import socket
import struct
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple, cast

from aisi_kg.errors import AisiKgError, QueryEnded
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.results import Choice, Format
from aisi_kg.store.wire import Encoding, Frames, Kind, Task, error_of, unpack_begun, unpack_rows
from aisi_kg.web.evaluator import Answering
from aisi_kg.web.metrics import Metrics

__all__ = ["CONTROL", "Control", "Pool", "PoolLimits", "crash_message"]

#: A message between a web process and the one that makes workers: what, a process id, a status.
CONTROL = struct.Struct("!cIi")

_SWEEP_S = 0.05
# A query that waits this long has only long ones before it.
_PATIENCE_S = 0.015
# After this time a query makes way for others: the processor prefers them, and, where all workers are taken,
# it is ended for one that waits.
_SHARE_S = 1.0
_LONG_NICENESS = 15
# Workers beyond the base that had nothing to do for this long end.
_SPARE_S = 5.0
# What a worker has sent and no client has taken; then it waits.
_BUFFERED_BYTES = 1024 * 1024


class PoolLimits(NamedTuple):
    """Say how much a pool may hold.

    :param base: workers that are always there.
    :param slots: the most workers.
    :param queue: the most queries that wait.
    :param timeout_s: seconds after which a query is ended.
    """

    base: int
    slots: int
    queue: int
    timeout_s: float


class Control(NamedTuple):
    """Speak with the process that makes workers.

    :param wake: asks for a worker.
    :param end: has a worker ended, by its process id.
    """

    wake: Callable[[], None]
    end: Callable[[int], None]


def crash_message(number: int) -> QueryEnded:
    """Explain why a worker ended by itself.

    :param number: the signal that ended it; 0 where it is not known.
    :returns: what the client is told.
    """
    if number == signal.SIGSEGV:
        return QueryEnded("query-too-complex", "The query nests too deeply for the engine; write it flatter.")
    if number == signal.SIGABRT:
        return QueryEnded(
            "memory-limit", "The query needs more memory than it may take; ask for less, or in smaller parts."
        )
    return QueryEnded("query-failed", "The query ended its worker; write it more simply.")


class _Job:
    """Hold one task from the moment it is asked for until its answer is taken or given up."""

    __slots__ = (
        "_blocks",
        "_buffered",
        "_ended",
        "_error",
        "_wake",
        "begun",
        "client",
        "data",
        "encoding",
        "format",
        "is_document",
        "link",
        "rows",
        "since",
        "whole",
    )
    format: Format

    def __init__(self, data: bytes, client: str, *, is_document: bool) -> None:
        self.data = data
        self.client = client
        self.is_document = is_document
        self.begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.link: _Link | None = None
        self.since = time.monotonic()
        self.whole: bytes | None = None
        self.encoding: Encoding = ""
        self.rows = 0
        self._blocks: deque[bytes] = deque()
        self._buffered = 0
        self._ended = False
        self._error: AisiKgError | None = None
        self._wake: asyncio.Future[None] | None = None

    def take(self, kind: bytes, payload: bytes) -> bool:
        """Take a message of the worker; tell whether the worker is done with the task."""
        if kind == Kind.BLOCK:
            self._blocks.append(payload)
            self._buffered += len(payload)
            if self._buffered > _BUFFERED_BYTES and self.link is not None:
                self.link.pause()
            self._notify()
            return False
        if kind == Kind.WHOLE:
            if self.is_document:
                self.whole = payload
            else:
                begun, self.whole = unpack_begun(payload)
                self.format, self.encoding, self.rows = begun
            self._ended = True
            self._begin()
            return True
        if kind == Kind.BEGIN:
            begun, _ = unpack_begun(payload)
            self.format, self.encoding, _ = begun
            self._begin()
            return False
        if kind == Kind.END:
            self.rows = unpack_rows(payload)
            self._ended = True
            self._notify()
            return True
        self.fail(error_of(payload))
        return True

    def fail(self, error: AisiKgError) -> None:
        """End it with an error, unless it has ended."""
        if self._ended:
            return
        self._ended, self._error = True, error
        if not self.begun.done():
            self.begun.set_exception(error)
        self._notify()

    def _begin(self) -> None:
        if not self.begun.done():
            self.begun.set_result(None)

    def _notify(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    async def blocks(self) -> AsyncIterator[bytes]:
        """Give the answer's bytes as they come."""
        if self.whole is not None:
            yield self.whole
            return
        while True:
            while self._blocks:
                block = self._blocks.popleft()
                self._buffered -= len(block)
                if self.link is not None and self._buffered < _BUFFERED_BYTES // 2:
                    self.link.resume()
                if block:
                    yield block
            if self._ended:
                break
            self._wake = asyncio.get_running_loop().create_future()
            await self._wake
        if self._error is not None:
            raise self._error


class _PoolAnswer:
    """Hold an answer that has begun (see :class:`aisi_kg.web.evaluator.Answering`)."""

    def __init__(self, job: _Job, pool: "Pool") -> None:
        self._job = job
        self._pool = pool
        self.format = job.format
        self.encoding = job.encoding
        self.whole = job.whole

    @property
    def rows(self) -> int:
        """Give its rows or triples; of an answer in blocks, known when the last has come."""
        return self._job.rows

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._job.blocks()

    def close(self) -> None:
        self._pool.forget(self._job)


class _Link(asyncio.Protocol):
    """Hold the socket to one worker."""

    _transport: asyncio.Transport

    def __init__(self, pid: int, pool: "Pool") -> None:
        self.pid = pid
        self.job: _Job | None = None
        self.since = 0.0
        self.is_slow = False
        self._pool = pool
        self._frames = Frames()
        self._is_paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transport has the methods of asyncio's and not its name.
        self._transport = cast("asyncio.Transport", transport)

    def start(self, job: _Job, now: float) -> None:
        """Give the worker a task."""
        self.job, self.since, job.link = job, now, self
        self._transport.write(job.data)

    def data_received(self, data: bytes) -> None:
        try:
            for kind, payload in self._frames.feed(data):
                if self.job is not None and self.job.take(kind, payload):
                    self.resume()
                    self._pool.done(self)
        except ValueError:
            # A worker that says what no worker says is none of ours any more.
            job = self.job
            self._pool.end(self)
            if job is not None:
                job.fail(crash_message(0))

    def connection_lost(self, _exc: Exception | None) -> None:
        self._pool.lost(self)

    def pause(self) -> None:
        """Have the worker wait: its answer is not taken as fast as it comes."""
        if not self._is_paused:
            self._is_paused = True
            self._transport.pause_reading()

    def resume(self) -> None:
        """Have the worker go on."""
        if self._is_paused:
            self._is_paused = False
            self._transport.resume_reading()

    def close(self) -> None:
        """Let the worker end, as nothing more will come."""
        self._transport.close()


class Pool:
    """Evaluate in worker processes (see :class:`aisi_kg.web.evaluator.Evaluator`).

    :param control: makes and ends workers.
    :param limits: how much it may hold.
    :param metrics: where it counts.
    """

    def __init__(self, control: Control, limits: PoolLimits, metrics: Metrics) -> None:
        self._control = control
        self._limits = limits
        self._metrics = metrics
        self._links: set[_Link] = set()
        self._idle: list[_Link] = []
        self._starting = 0
        # Who waits, by client; clients take turns.
        self._queues: dict[str, deque[_Job]] = {}
        self._turns: deque[str] = deque()
        self._waiting = 0
        self._open: set[_Job] = set()
        self._reasons: dict[int, int] = {}
        self._crashed: dict[int, _Job] = {}
        self._sweeper: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Ask for the workers that are always there; called in the event loop."""
        self._fill()
        self._sweeper = asyncio.get_running_loop().call_later(_SWEEP_S, self._sweep)

    def stop(self) -> None:
        """End all workers."""
        if self._sweeper is not None:
            self._sweeper.cancel()
        for link in list(self._links):
            self.end(link)

    @property
    def is_busy(self) -> bool:
        """Tell whether a query is evaluated or waits."""
        return bool(self._open)

    async def answer(
        self, request: QueryRequest, choice: Choice, *, encoding: Encoding = "", client: str = ""
    ) -> Answering:
        """Evaluate a query (see :class:`aisi_kg.web.evaluator.Evaluator`)."""
        job = _Job(Task(request, choice, encoding).pack(), client, is_document=False)
        await self._begun(job)
        return _PoolAnswer(job, self)

    async def document(self, iri: str, format_: str, *, client: str = "") -> bytes:
        """Write a document (see :class:`aisi_kg.web.evaluator.Evaluator`)."""
        job = _Job(Task(None, iri=iri, format=format_).pack(), client, is_document=True)
        await self._begun(job)
        self.forget(job)
        return job.whole or b""

    async def _begun(self, job: _Job) -> None:
        self._metrics.add("queries")
        self._submit(job)
        try:
            await job.begun
        except BaseException:
            self.forget(job)
            raise

    def _submit(self, job: _Job) -> None:
        if self._idle:
            self._open.add(job)
            self._idle.pop().start(job, job.since)
            return
        mine = self._queues.get(job.client)
        if self._waiting >= self._limits.queue or (mine and len(mine) > self._limits.queue // 2):
            self._metrics.add("refused")
            raise QueryEnded(
                "too-many-queries",
                f"{self._waiting} queries wait already, and no more are taken; ask again in some seconds.",
                retry_after_s=5,
            )
        self._open.add(job)
        if mine is None:
            mine = self._queues[job.client] = deque()
            self._turns.append(job.client)
        mine.append(job)
        self._waiting += 1
        self._fill()

    def _next(self) -> _Job | None:
        """Take the next query that waits, a client after the other."""
        while self._turns:
            client = self._turns.popleft()
            queue = self._queues[client]
            job = queue.popleft()
            self._waiting -= 1
            if queue:
                self._turns.append(client)
            else:
                del self._queues[client]
            if not job.begun.done():
                return job
        return None

    def _give(self, link: _Link) -> None:
        """Give an idle worker something to do."""
        job = self._next()
        if job is None:
            self._idle.append(link)
        else:
            link.start(job, time.monotonic())

    def done(self, link: _Link) -> None:
        """Take a worker back that has done its task."""
        job, link.job = link.job, None
        now = time.monotonic()
        if job is not None:
            job.link = None
            self._metrics.add("query_us", int((now - link.since) * 1e6))
            self._metrics.add("rows", job.rows)
        link.since = now
        # A worker that had a long query has a low rank with the processor, and may have kept memory.
        if link.is_slow:
            self._links.discard(link)
            link.close()
            self._fill()
        else:
            self._give(link)

    def forget(self, job: _Job) -> None:
        """Give a task up, or say that its answer was taken."""
        self._open.discard(job)
        job.fail(QueryEnded("abandoned", "Nobody waits for the answer."))
        if job.link is not None:
            self.end(job.link)

    def end(self, link: _Link) -> None:
        """End a worker."""
        if link in self._links:
            self._links.discard(link)
            if link in self._idle:
                self._idle.remove(link)
            self._control.end(link.pid)
            link.close()
            if link.job is not None:
                link.job.link = None
            self._fill()

    def lost(self, link: _Link) -> None:
        """Learn that a worker has closed its socket: unless it was told to, it has ended by itself."""
        if link not in self._links:
            return
        self._links.discard(link)
        if link in self._idle:
            self._idle.remove(link)
        self._metrics.add("crashes")
        job, number = link.job, self._reasons.pop(link.pid, None)
        if job is not None:
            job.link = None
            if number is None:
                # Its end is told on another socket, and will be in a moment.
                self._crashed[link.pid] = job
                asyncio.get_running_loop().call_later(0.5, self.ended, link.pid, 0)
            else:
                job.fail(crash_message(number))
        self._fill()

    def ended(self, pid: int, number: int) -> None:
        """Learn which signal ended a worker.

        :param pid: its process id.
        :param number: the signal; 0 where there was none.
        """
        job = self._crashed.pop(pid, None)
        if job is not None:
            job.fail(crash_message(number))
        elif any(link.pid == pid for link in self._links):
            self._reasons[pid] = number

    def _fill(self, more: int = 0) -> None:
        """Ask for workers: those that are always there, and some for queries that wait."""
        there = len(self._links) + self._starting
        wanted = min(max(self._limits.base, there + more), self._limits.slots)
        for _ in range(wanted - there):
            self._starting += 1
            self._control.wake()

    async def add(self, pid: int, connection: socket.socket) -> None:
        """Take a worker that was made.

        :param pid: its process id.
        :param connection: the socket to it.
        """
        link = _Link(pid, self)
        link.since = time.monotonic()
        await asyncio.get_running_loop().create_unix_connection(lambda: link, sock=connection)
        self._starting = max(0, self._starting - 1)
        self._links.add(link)
        self._give(link)

    def _sweep(self) -> None:
        """Look at the time: what is over its limit, what waits too long."""
        now = time.monotonic()
        self._sweeper = asyncio.get_running_loop().call_later(_SWEEP_S, self._sweep)
        for job in list(self._open):
            self._look_at(job, now)
        patience = now - _PATIENCE_S
        late = sum(job.since < patience for queue in self._queues.values() for job in queue)
        missing = late - self._starting
        if missing > 0:
            self._fill(missing)
            room = self._limits.slots - len(self._links) - self._starting
            if room <= 0:
                self._make_room(late, now)
        # Those made for a rush go when it is over; the first of the idle ones is the longest unused.
        while len(self._links) > self._limits.base and self._idle and now - self._idle[0].since > _SPARE_S:
            spare = self._idle.pop(0)
            self._links.discard(spare)
            spare.close()
        self._metrics.set("workers", len(self._links))
        self._metrics.set("busy", len(self._links) - len(self._idle))
        self._metrics.set("waiting", self._waiting)

    def _look_at(self, job: _Job, now: float) -> None:
        link = job.link
        since = job.since if link is None else link.since
        if now - since > self._limits.timeout_s:
            self._metrics.add("timeouts")
            job.fail(self._over_time(job))
            if link is not None:
                self.end(link)
            self._open.discard(job)
        elif link is not None and not link.is_slow and now - since > _SHARE_S:
            link.is_slow = True
            try:
                os.setpriority(os.PRIO_PROCESS, link.pid, _LONG_NICENESS)
            except OSError:
                return

    def _over_time(self, job: _Job) -> QueryEnded:
        limit = f"{self._limits.timeout_s:g} s"
        if job.link is None and not job.begun.done():
            message = f"The query waited {limit} for others to end; ask again later."
            return QueryEnded("overloaded", message, retry_after_s=10)
        message = f"The query took longer than {limit}, which is the most that it may take; ask for less."
        return QueryEnded("query-timeout", message)

    def _make_room(self, wanted: int, now: float) -> None:
        """End the queries that have had their time, first those of the client who has most of them."""
        running = [link for link in self._links if link.job is not None]
        counts = Counter(link.job.client for link in running if link.job is not None)
        over = [link for link in running if now - link.since > _SHARE_S]
        for _ in range(min(wanted, len(over))):
            link = max(over, key=lambda link: (counts[link.job.client] if link.job else 0, now - link.since))
            over.remove(link)
            if link.job is not None:
                counts[link.job.client] -= 1
                self._metrics.add("preempted")
                message = "Too many long queries run here; this one was ended for others, so ask again later."
                link.job.fail(QueryEnded("overloaded", message, retry_after_s=10))
            self.end(link)
