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

from aisi_kg.errors import QueryEnded
from aisi_kg.store.compression import Encoding
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.lookup import Found, Lookup
from aisi_kg.store.results import Choice
from aisi_kg.store.wire import Frames, Kind, Task, frame, pack_reply
from aisi_kg.web.evaluator import Answering, WholeAnswer
from aisi_kg.web.job import Job
from aisi_kg.web.metrics import Metrics
from aisi_kg.web.service_calls import ServiceCalls

__all__ = ["CONTROL", "Control", "Pool", "PoolAnswer", "PoolLimits", "crash_message"]

#: A message between a web process and the one that makes workers: what, a process id, a status.
CONTROL = struct.Struct("!cIi")

_SWEEP_S = 0.05
# A query that waits this long has only long ones before it.
_PATIENCE_S = 0.015
# Of the processor's time, since that passes for a short query too where others use the machine: what waits
# behind a task that has used this much is given to others,
_GIVEN_AWAY_S = 0.01
# and a worker whose task has used this much is held up, so that another is made for those that wait: it costs
# more than short queries do.
_STUCK_S = 0.04
# A task that took this long counts by the clock: it waits for a disk, or for more than its share.
_BY_CLOCK_S = 1.0
# After this time the processor gives a held up worker a tenth of another's share, for as long as it lives.
_LONG_S = 0.2
_LONG_NICENESS = 10
# After this time, where all workers are taken, a query is ended for one that waits.
_SHARE_S = 1.0
# Where many wait it makes way sooner, so that each gets a turn in a time that people wait.
_CROWDED_SHARE_S = 0.3
# A worker that was asked for and is not there after this time was not heard of.
_LATE_S = 5.0
# Workers beyond the base that had nothing to do for this long end.
_SPARE_S = 5.0
# While tasks usually take less than this, a worker gets some at once: waking it takes as long as they do.
_QUICK_S = 0.001
_PIPELINED = 4


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


def _processor_s(pid: int) -> float:
    """Tell how much of the processor's time a process has used, or the time where the system does not say.

    The system's own work does not count: a new worker copies what it reads of the dataset, which may take
    longer than a short query and is no reason to make more of them.
    """
    try:
        # How Linux names the clock of another process (clock_getcpuclockid), for its own code alone.
        return time.clock_gettime((~pid << 3) | 1)
    except OSError:
        return time.monotonic()


class _Link(asyncio.Protocol):
    """Hold the socket to one worker."""

    _transport: asyncio.Transport

    def __init__(self, pid: int, pool: "Pool") -> None:
        self.pid = pid
        #: What it was given: the first is evaluated, the others wait in the socket.
        self.jobs: deque[Job] = deque()
        #: When it began with the first, or was done with the last.
        self.since = 0.0
        self.is_slow = False
        #: What its task has used of the processor's time since it was seen first, or how long it is held up.
        self.used_s = 0.0
        self._seen: Job | None = None
        self._seen_s = 0.0
        #: What waited in the socket was given to others; it must not be answered a second time.
        self.is_stale = False
        self._pool = pool
        self._frames = Frames()
        self._is_paused = False
        #: A call of a service that the worker waits for.
        self._calling: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transport has the methods of asyncio's and not its name.
        self._transport = cast("asyncio.Transport", transport)

    @property
    def job(self) -> Job | None:
        """Give the task that it does."""
        return self.jobs[0] if self.jobs else None

    def observe(self, now: float) -> None:
        """See how long its task is."""
        job = self.job
        if job is None or job is not self._seen:
            self._seen, self.used_s = job, 0.0
            self._seen_s = 0.0 if job is None else _processor_s(self.pid)
        elif self._is_paused or self._is_calling or now - self.since > _BY_CLOCK_S:
            self.used_s = now - self.since
        else:
            self.used_s = _processor_s(self.pid) - self._seen_s

    @property
    def is_stuck(self) -> bool:
        """Tell whether its task is a long one."""
        return self.job is not None and self.used_s > _STUCK_S

    @property
    def _is_calling(self) -> bool:
        return self._calling is not None and not self._calling.done()

    def start(self, job: Job, now: float) -> None:
        """Give the worker a task."""
        if not self.jobs:
            self.since = now
        self.jobs.append(job)
        job.link = self
        self._transport.write(job.data)

    def data_received(self, data: bytes) -> None:
        try:
            for kind, payload in self._frames.feed(data):
                if not self.jobs:
                    continue
                job = self.jobs[0]
                if kind == Kind.CALL:
                    self._call(job, payload)
                elif job.take(kind, payload):
                    self.resume()
                    self._pool.done(self)
                elif kind == Kind.BEGIN:
                    # A long answer takes as long as its client does.
                    self._pool.give_others_away(self)
        except ValueError:
            # A worker that says what no worker says is none of ours any more.
            asked = self.job
            self._pool.end(self)
            if asked is not None:
                asked.fail(crash_message(0))

    def _call(self, job: Job, payload: bytes) -> None:
        """Have a service asked what the worker wants to know."""
        calls = self._pool.calls
        if calls is None or job.is_begun or self._is_calling:
            raise ValueError("no call that a worker makes")
        # It takes as long as somebody else's machine does.
        self._pool.give_others_away(self)
        self._calling = asyncio.get_running_loop().create_task(self._reply(calls, job, payload))

    async def _reply(self, calls: ServiceCalls, job: Job, payload: bytes) -> None:
        reply = await calls.make(job, payload)
        self._transport.write(frame(Kind.RESULT, pack_reply(reply)))

    def _stop_calling(self) -> None:
        calling, self._calling = self._calling, None
        if calling is not None:
            # Once: a second time would end what closes the connection.
            calling.cancel()

    def connection_lost(self, _exc: Exception | None) -> None:
        self._stop_calling()
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
        self._stop_calling()
        self._transport.close()


class PoolAnswer:
    """Hold an answer that has begun (see :class:`aisi_kg.web.evaluator.Answering`).

    :param job: the task whose answer it is.
    :param pool: who has it done.
    """

    def __init__(self, job: Job, pool: "Pool") -> None:
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
        """End the evaluation, as nobody waits for the rest."""
        self._pool.forget(self._job)


class Pool:
    """Evaluate in worker processes (see :class:`aisi_kg.web.evaluator.Evaluator`).

    :param control: makes and ends workers.
    :param limits: how much it may hold.
    :param metrics: where it counts.
    :param lookup: answers what is not worth a worker; None where the store is not at hand here.
    :param calls: calls services for workers, which have no network; None where there are no services.
    """

    def __init__(
        self,
        control: Control,
        limits: PoolLimits,
        metrics: Metrics,
        lookup: Lookup | None = None,
        calls: ServiceCalls | None = None,
    ) -> None:
        self._lookup = lookup
        self.calls = calls
        self._control = control
        self._limits = limits
        self._metrics = metrics
        self._links: set[_Link] = set()
        self._idle: list[_Link] = []
        self._starting = 0
        self._woken = 0.0
        self._is_stopped = False
        #: What a task usually takes, of late; long, as long as nothing is known.
        self._usual_s = _LONG_S
        # Who waits, by client; clients take turns.
        self._queues: dict[str, deque[Job]] = {}
        self._turns: deque[str] = deque()
        self._waiting = 0
        self._open: set[Job] = set()
        self._reasons: dict[int, int] = {}
        self._crashed: dict[int, Job] = {}
        self._sweeper: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Ask for the workers that are always there; called in the event loop."""
        self._fill()
        self._sweeper = asyncio.get_running_loop().call_later(_SWEEP_S, self._sweep)

    def stop(self) -> None:
        """End all workers."""
        self._is_stopped = True
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
        found = self.look_up(request, choice, encoding)
        if found is not None:
            return WholeAnswer(found)
        job = Job(Task(request, choice, encoding).pack(), client)
        self.ask(job)
        return await self.begun(job)

    def look_up(self, request: QueryRequest, choice: Choice, encoding: Encoding = "") -> Found | None:
        """Answer a query here and now, if it is as plain as that (see :mod:`aisi_kg.store.lookup`).

        :param request: the query and its dataset.
        :param choice: the formats to answer in.
        :param encoding: what to compress the answer with.
        :returns: the answer; None where a worker is to be asked.
        """
        found = None if self._lookup is None else self._lookup.answer(request, choice, encoding)
        if found is None:
            return None
        self._metrics.add("lookups")
        self._metrics.add("rows", found.rows)
        return found

    async def document(self, iri: str, format_: str, *, client: str = "") -> bytes:
        """Write a document (see :class:`aisi_kg.web.evaluator.Evaluator`)."""
        job = Job(Task(None, iri=iri, format=format_).pack(), client, is_document=True)
        self.ask(job)
        try:
            await job.until_begun()
        finally:
            self.forget(job)
        return job.whole or b""

    async def begun(self, job: Job) -> Answering:
        """Wait until the answer to a query begins.

        :param job: the task.
        :returns: the answer.
        :raises AisiKgError: if there is none.
        """
        try:
            await job.until_begun()
        except BaseException:
            self.forget(job)
            raise
        return PoolAnswer(job, self)

    def ask(self, job: Job) -> None:
        """Have a task done.

        :param job: the task; it tells when its answer begins.
        :raises QueryEnded: if too many wait already.
        """
        if self.is_full(job.client):
            self._metrics.add("refused")
            raise QueryEnded(
                "too-many-queries",
                f"{self._waiting} queries wait already, and no more are taken; ask again in some seconds.",
                retry_after_s=5,
            )
        self._metrics.add("queries")
        self._open.add(job)
        link = self._idle.pop() if self._idle else self._behind_quick_ones(job)
        if link is not None:
            link.start(job, job.since)
            return
        mine = self._queues.get(job.client)
        if mine is None:
            mine = self._queues[job.client] = deque()
            self._turns.append(job.client)
        mine.append(job)
        self._waiting += 1
        self._fill()

    def is_full(self, client: str) -> bool:
        """Tell whether so many tasks wait that no more of a client's are taken."""
        if self._idle:
            return False
        mine = self._queues.get(client, ())
        return self._waiting >= self._limits.queue or len(mine) > self._limits.queue // 2

    def _behind_quick_ones(self, job: Job) -> _Link | None:
        """Find a worker that will be free in a moment, so that it need not be woken for the task."""
        if self._usual_s > _QUICK_S or self._waiting:
            return None
        found, fewest = None, _PIPELINED
        for link in self._links:
            if len(link.jobs) < fewest and not link.is_stale and job.since - link.since < _PATIENCE_S:
                found, fewest = link, len(link.jobs)
        return found

    def give_others_away(self, link: _Link) -> None:
        """Have others do what waits behind a worker's task; the worker ends when it is done with that."""
        if len(link.jobs) > 1:
            link.is_stale = True
            while len(link.jobs) > 1:
                self._again(link.jobs.pop())

    def _again(self, job: Job) -> None:
        """Put a task that was not begun first in its client's queue."""
        job.link = None
        if job.is_begun:
            return
        queue = self._queues.get(job.client)
        if queue is None:
            queue = self._queues[job.client] = deque()
            self._turns.appendleft(job.client)
        queue.appendleft(job)
        self._waiting += 1
        self._serve_waiting()

    def _serve_waiting(self) -> None:
        while self._idle and self._waiting:
            self._give(self._idle.pop())

    def _next(self) -> Job | None:
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
            if not job.is_begun:
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
        job = link.jobs.popleft()
        now = time.monotonic()
        job.link = None
        took = now - link.since
        self._usual_s += (min(took, _LONG_S) - self._usual_s) / 16
        self._metrics.add("query_us", int(took * 1e6))
        self._metrics.add("rows", job.rows)
        link.since = now
        # A worker that had a long query has a low rank with the processor, and may have kept memory.
        if (link.is_slow and not link.jobs) or link.is_stale:
            self._links.discard(link)
            link.close()
            if link.is_stale:
                # Else it would first do what others do by now.
                self._control.end(link.pid)
            self._fill()
        elif not link.jobs:
            self._give(link)
        elif link.jobs[0].is_ended:
            # Nobody waits for it any more, and nobody would look at its time.
            self.end(link)

    def forget(self, job: Job) -> None:
        """Give a task up, or say that its answer was taken."""
        self._open.discard(job)
        if job.is_ended:
            return
        job.fail(QueryEnded("abandoned", "Nobody waits for the answer."))
        self._leave(job)
        link = job.link
        if isinstance(link, _Link) and link.job is job:
            self.end(link)

    def _leave(self, job: Job) -> None:
        """Take a task out of its queue, so that it does not keep others out."""
        queue = self._queues.get(job.client)
        if queue is None or job not in queue:
            return
        queue.remove(job)
        self._waiting -= 1
        if not queue:
            del self._queues[job.client]
            self._turns.remove(job.client)

    def end(self, link: _Link) -> None:
        """End a worker."""
        if link in self._links:
            self._links.discard(link)
            if link in self._idle:
                self._idle.remove(link)
            self._control.end(link.pid)
            link.close()
            self.give_others_away(link)
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
        self.give_others_away(link)
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

    def _fill(self, wanted: int = 0) -> None:
        """Ask for workers, so that there are as many as wanted, and always as many as the base."""
        if self._is_stopped:
            return
        there = len(self._links) + self._starting
        for _ in range(min(max(self._limits.base, wanted), self._limits.slots) - there):
            self._starting += 1
            self._woken = time.monotonic()
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
        if self._starting and now - self._woken > _LATE_S:
            # What was asked for has not come and will not; it is asked for again.
            self._starting = 0
            self._fill()
        for link in list(self._links):
            link.observe(now)
            if len(link.jobs) > 1 and link.used_s > _GIVEN_AWAY_S:
                self.give_others_away(link)
        for job in list(self._open):
            self._look_at(job, now)
        # Workers with long queries do not count for those that are always there.
        stuck = sum(link.is_stuck for link in self._links)
        if stuck and self._waiting:
            patience = now - _PATIENCE_S
            late = sum(job.since < patience for queue in self._queues.values() for job in queue)
            self._fill(self._limits.base + stuck + late)
            if stuck >= self._limits.slots:
                self._make_room(late, now)
        # Those made for a rush go when it is over; the first of the idle ones is the longest unused.
        while len(self._links) > self._limits.base and self._idle and now - self._idle[0].since > _SPARE_S:
            spare = self._idle.pop(0)
            self._links.discard(spare)
            spare.close()
        self._metrics.set("workers", len(self._links))
        self._metrics.set("busy", len(self._links) - len(self._idle))
        self._metrics.set("waiting", self._waiting)

    def _look_at(self, job: Job, now: float) -> None:
        link = job.link if isinstance(job.link, _Link) else None
        if link is not None and link.job is not job:
            return
        since = job.since if link is None else link.since
        if now - since > self._limits.timeout_s:
            self._metrics.add("timeouts")
            job.fail(self._over_time(job))
            if link is not None:
                self.end(link)
            self._open.discard(job)
        elif link is not None and not link.is_slow and link.is_stuck and now - since > _LONG_S:
            link.is_slow = True
            try:
                os.setpriority(os.PRIO_PGRP, link.pid, _LONG_NICENESS)
            except OSError:
                return

    def _over_time(self, job: Job) -> QueryEnded:
        limit = f"{self._limits.timeout_s:g} s"
        if job.link is None and not job.is_begun:
            message = f"The query waited {limit} for others to end; ask again later."
            return QueryEnded("overloaded", message, retry_after_s=10)
        message = f"The query took longer than {limit}, which is the most that it may take; ask for less."
        return QueryEnded("query-timeout", message)

    def _make_room(self, wanted: int, now: float) -> None:
        """End the queries that have had their time, first those of the client who has most of them."""
        running = [link for link in self._links if link.job is not None]
        counts = Counter(link.job.client for link in running if link.job is not None)
        share = _SHARE_S if wanted <= self._limits.slots // 4 else _CROWDED_SHARE_S
        over = [link for link in running if link.is_stuck and now - link.since > share]
        for _ in range(min(wanted, len(over))):
            link = max(over, key=lambda link: (counts[link.job.client] if link.job else 0, now - link.since))
            over.remove(link)
            if link.job is not None:
                counts[link.job.client] -= 1
                self._metrics.add("preempted")
                message = "Too many long queries run here; this one was ended for others, so ask again later."
                link.job.fail(QueryEnded("overloaded", message, retry_after_s=10))
            self.end(link)
        # Not those alone that are always there: with long queries again, each would first have to be held up.
        self._fill(self._limits.slots)
