"""The workers of a web process, as it sees them: sockets that answer, say nonsense, or close."""

import asyncio
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import pytest

from aisi_kg.errors import QueryEnded
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.results import RESULT_FORMATS, Choice
from aisi_kg.store.wire import Frames, Kind, Task, frame, pack_begun, pack_rows
from aisi_kg.web.evaluator import Answering
from aisi_kg.web.metrics import MetricsBoard
from aisi_kg.web.pool import Control, Pool, PoolLimits

JSON = RESULT_FORMATS[0]
#: No process has this number or a higher one, and that of a process's clock is made of it.
_NOBODY = 100_000_000


class Workers:
    """Play all workers of a pool, and who makes them."""

    def __init__(self, limits: PoolLimits, pid: int | None = None) -> None:
        self.sockets: dict[int, socket.socket] = {}
        self.others: list[socket.socket] = []
        self.ended: list[int] = []
        # Where no process has the number, the pool goes by the clock.
        self.pids = count(_NOBODY) if pid is None else iter([pid, *range(_NOBODY, _NOBODY + 9)])
        self.board = MetricsBoard(1)
        self.made: set[asyncio.Task[None]] = set()
        self.pool = Pool(Control(self.make, self.end), limits, self.board.row(0))
        self.asked: asyncio.Queue[tuple[int, str]] = asyncio.Queue()

    def make(self) -> None:
        pid = next(self.pids)
        ours, theirs = socket.socketpair()
        for each in (ours, theirs):
            each.setblocking(False)
        self.sockets[pid] = ours
        self.others.append(theirs)
        for task in (self.pool.add(pid, theirs), self.read(pid, ours)):
            made = asyncio.get_running_loop().create_task(task)
            self.made.add(made)

    async def read(self, pid: int, ours: socket.socket) -> None:
        frames = Frames()
        while data := await asyncio.get_running_loop().sock_recv(ours, 65536):
            for message in frames.feed(data):
                request = Task.unpack(message.payload).request
                assert request is not None
                await self.asked.put((pid, request.text))

    def end(self, pid: int) -> None:
        self.ended.append(pid)

    def hang_up(self, pid: int) -> None:
        self.sockets[pid].shutdown(socket.SHUT_RDWR)

    def say(self, pid: int, data: bytes) -> None:
        self.sockets[pid].sendall(data)

    def answer(self, text: str, client: str = "") -> Awaitable[Answering]:
        return asyncio.ensure_future(self.pool.answer(QueryRequest(text), Choice(), client=client))


@asynccontextmanager
async def working(
    base: int = 1,
    slots: int = 1,
    queue: int = 10,
    timeout_s: float = 30,
    pid: int | None = None,
) -> AsyncIterator[Workers]:
    workers = Workers(PoolLimits(base, slots, queue, timeout_s), pid)
    faults: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))
    workers.pool.start()
    try:
        yield workers
        assert not faults
    finally:
        workers.pool.stop()
        for made in workers.made:
            made.cancel()
        await asyncio.gather(*workers.made, return_exceptions=True)
        for each in (*workers.sockets.values(), *workers.others):
            each.close()


def whole(body: bytes) -> bytes:
    return frame(Kind.WHOLE, pack_begun(JSON, "", 1) + body)


def run(test: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(asyncio.wait_for(test(), 30))


def test_a_whole_answer() -> None:
    async def test() -> None:
        async with working() as workers:
            answer = workers.answer("ASK {}")
            pid, text = await workers.asked.get()
            assert text == "ASK {}"
            workers.say(pid, whole(b"yes"))
            answering = await answer
            assert (answering.whole, answering.rows, answering.format) == (b"yes", 1, JSON)
            answering.close()
            assert workers.ended == []

    run(test)


def test_an_answer_in_blocks() -> None:
    async def test() -> None:
        async with working() as workers:
            answer = workers.answer("ASK {}")
            pid, _ = await workers.asked.get()
            workers.say(pid, frame(Kind.BEGIN, pack_begun(JSON, "gzip")) + frame(Kind.BLOCK, b"one"))
            answering = await answer
            assert (answering.whole, answering.encoding) == (None, "gzip")
            workers.say(pid, frame(Kind.BLOCK, b"two") + frame(Kind.END, pack_rows(7)))
            assert b"".join([block async for block in answering]) == b"onetwo"
            assert answering.rows == 7

    run(test)


@pytest.mark.parametrize(
    "nonsense",
    [
        b"W\xff\xff\xff\xff",
        frame(Kind.WHOLE, b""),
        frame(Kind.WHOLE, b"\xff" * 6),
        frame(Kind.FAILURE, b"{"),
        frame(Kind.FAILURE, b"[]"),
        frame(b"?", b""),
    ],
)
def test_a_worker_that_talks_nonsense_is_ended_and_its_client_told(nonsense: bytes) -> None:
    async def test() -> None:
        async with working() as workers:
            answer = workers.answer("ASK {}")
            pid, _ = await workers.asked.get()
            workers.say(pid, nonsense)
            with pytest.raises(QueryEnded) as caught:
                await answer
            assert caught.value.code == "query-failed"
            assert workers.ended == [pid]
            # Another takes its place.
            second = workers.answer("ASK { }")
            other, _ = await workers.asked.get()
            assert other != pid
            workers.say(other, whole(b"yes"))
            assert (await second).whole == b"yes"

    run(test)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (signal.SIGKILL, "query-failed"),
        (0, "query-failed"),
        (signal.SIGSEGV, "query-too-complex"),
        (signal.SIGABRT, "memory-limit"),
    ],
)
@pytest.mark.parametrize("is_told_before", [True, False])
def test_a_worker_that_ends_is_replaced_and_its_client_told_why(
    number: int, code: str, is_told_before: bool
) -> None:
    async def test() -> None:
        async with working() as workers:
            answer = workers.answer("ASK {}")
            pid, _ = await workers.asked.get()
            if is_told_before:
                workers.pool.ended(pid, number)
                workers.hang_up(pid)
            else:
                workers.hang_up(pid)
                # The other end learns it in some turns of the loop.
                for _ in range(100):
                    await asyncio.sleep(0)
                assert workers.board.total("crashes") == 1
                workers.pool.ended(pid, number)
            with pytest.raises(QueryEnded) as caught:
                await answer
            assert caught.value.code == code
            second = workers.answer("ASK { }")
            other, _ = await workers.asked.get()
            workers.say(other, whole(b"yes"))
            assert (await second).whole == b"yes"

    run(test)


def test_a_worker_that_ends_without_anybody_saying_why() -> None:
    async def test() -> None:
        async with working() as workers:
            answer = workers.answer("ASK {}")
            pid, _ = await workers.asked.get()
            workers.hang_up(pid)
            with pytest.raises(QueryEnded) as caught:
                await answer
            assert caught.value.code == "query-failed"

    run(test)


def test_a_query_over_its_time_ends_with_its_worker() -> None:
    async def test() -> None:
        async with working(timeout_s=0.2) as workers:
            answer = workers.answer("ASK {}")
            pid, _ = await workers.asked.get()
            with pytest.raises(QueryEnded) as caught:
                await answer
            assert caught.value.code == "query-timeout"
            assert workers.ended == [pid]

    run(test)


def test_a_client_that_leaves_ends_its_worker() -> None:
    async def test() -> None:
        async with working() as workers:
            answer = asyncio.ensure_future(workers.answer("ASK {}"))
            pid, _ = await workers.asked.get()
            assert workers.pool.is_busy
            answer.cancel()
            await asyncio.gather(answer, return_exceptions=True)
            assert workers.ended == [pid]
            assert not workers.pool.is_busy

    run(test)


def test_a_full_queue_refuses() -> None:
    async def test() -> None:
        async with working(queue=2) as workers:
            first = workers.answer("ASK {}", "a")
            pid, _ = await workers.asked.get()
            waiting = [workers.answer(f"ASK {{}} #{client}", client) for client in "bc"]
            await asyncio.sleep(0)
            with pytest.raises(QueryEnded) as caught:
                await workers.answer("ASK {} #d", "d")
            assert caught.value.code == "too-many-queries"
            assert caught.value.retry_after_s
            for answer in (first, *waiting):
                workers.say(pid, whole(b"yes"))
                assert (await answer).whole == b"yes"

    run(test)


def test_a_task_that_is_given_up_keeps_nobody_out_of_the_queue() -> None:
    async def test() -> None:
        async with working(queue=4) as workers:
            first = workers.answer("first", "a")
            pid, _ = await workers.asked.get()
            for number in range(20):
                given_up = asyncio.ensure_future(workers.answer(f"ASK {{}} #{number}", "a"))
                await asyncio.sleep(0)
                given_up.cancel()
                await asyncio.gather(given_up, return_exceptions=True)
            last = workers.answer("last", "a")
            workers.say(pid, whole(b"one"))
            assert (await first).whole == b"one"
            assert await workers.asked.get() == (pid, "last")
            workers.say(pid, whole(b"two"))
            assert (await last).whole == b"two"

    run(test)


@pytest.fixture
def sleeping() -> Iterator[int]:
    """Give the process id of a worker that has no share of the processor."""
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process.pid
        process.kill()


@pytest.mark.skipif(sys.platform != "linux", reason="no other system tells of the time of other processes")
def test_who_waits_for_the_processor_is_not_held_up_and_who_waits_long_is(sleeping: int) -> None:
    async def test() -> None:
        async with working(slots=2, pid=sleeping) as workers:
            first = workers.answer("first")
            assert await workers.asked.get() == (sleeping, "first")
            second = workers.answer("second")
            with pytest.raises(TimeoutError):
                # Another worker would have no more of the processor.
                await asyncio.wait_for(workers.asked.get(), 0.5)
            other, text = await workers.asked.get()
            assert (other != sleeping, text) == (True, "second")
            workers.say(other, whole(b"two"))
            workers.say(sleeping, whole(b"one"))
            assert [(await answer).whole for answer in (first, second)] == [b"one", b"two"]

    run(test)


def test_where_long_queries_are_ended_as_many_others_begin_at_once() -> None:
    async def test() -> None:
        async with working(slots=3) as workers:
            answers = [workers.answer(f"long {number}", f"client {number}") for number in range(6)]
            ended = await asyncio.gather(*answers[:3], return_exceptions=True)
            assert ["ended for others" in str(error) for error in ended] == [True] * 3
            # And not one, which has to be a long one first.
            assert len(workers.sockets) == 6
            asked = [await workers.asked.get() for _ in answers]
            assert [text for _, text in asked] == [f"long {number}" for number in range(6)]
            for pid, text in asked[3:]:
                workers.say(pid, whole(text.encode()))
            assert [(await answer).whole for answer in answers[3:]] == [b"long 3", b"long 4", b"long 5"]

    run(test)


def test_clients_take_turns() -> None:
    async def test() -> None:
        async with working() as workers:
            answers = [workers.answer("first", "a")]
            pid, _ = await workers.asked.get()
            answers += [workers.answer(f"a{n}", "a") for n in range(3)]
            answers += [workers.answer("b0", "b"), workers.answer("c0", "c"), workers.answer("b1", "b")]
            await asyncio.sleep(0)
            order = []
            for _ in range(6):
                workers.say(pid, whole(b"yes"))
                _, text = await workers.asked.get()
                order.append(text)
            workers.say(pid, whole(b"yes"))
            await asyncio.gather(*answers)
            assert order == ["a0", "b0", "c0", "a1", "b1", "a2"]

    run(test)


# Several tasks to a worker.


async def warm(workers: Workers) -> int:
    """Have it learn that tasks are short; give the process id of the one worker."""
    pid = 0
    for number in range(120):
        answer = workers.answer(f"ASK {{}} #{number}")
        pid, _ = await workers.asked.get()
        workers.say(pid, whole(b"yes"))
        (await answer).close()
    return pid


def test_a_worker_gets_several_short_tasks_at_once() -> None:
    async def test() -> None:
        async with working() as workers:
            pid = await warm(workers)
            answers = [workers.answer("first"), workers.answer("second")]
            # The second before the first is answered.
            assert [await workers.asked.get() for _ in answers] == [(pid, "first"), (pid, "second")]
            for answer, body in zip(answers, (b"one", b"two"), strict=True):
                workers.say(pid, whole(body))
                assert (await answer).whole == body
            assert workers.ended == []

    run(test)


def test_what_waits_behind_a_task_that_is_long_after_all_is_given_to_another() -> None:
    async def test() -> None:
        async with working(slots=2) as workers:
            pid = await warm(workers)
            first, second = workers.answer("first"), workers.answer("second")
            assert [await workers.asked.get() for _ in range(2)] == [(pid, "first"), (pid, "second")]
            other, text = await workers.asked.get()
            assert other != pid
            assert text == "second"
            workers.say(other, whole(b"two"))
            assert (await second).whole == b"two"
            # The first worker has the second task too, and ends before it does it once more.
            workers.say(pid, whole(b"one"))
            assert (await first).whole == b"one"
            assert workers.ended == [pid]

    run(test)


def test_a_task_that_nobody_waits_for_is_not_done_behind_another() -> None:
    async def test() -> None:
        async with working() as workers:
            pid = await warm(workers)
            first, second = workers.answer("first"), asyncio.ensure_future(workers.answer("second"))
            assert [await workers.asked.get() for _ in range(2)] == [(pid, "first"), (pid, "second")]
            second.cancel()
            await asyncio.gather(second, return_exceptions=True)
            workers.say(pid, whole(b"one"))
            assert (await first).whole == b"one"
            assert workers.ended == [pid]

    run(test)
