"""Answer queries and write documents without holding up the server.

The engine evaluates in a call that cannot be interrupted, so no handler makes it: a handler asks an
:class:`Evaluator`, which is all that it knows. The one here uses threads; one that uses processes sends the
    same plain
requests to an :class:`Engine` on the other side.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, NamedTuple, Protocol, TypeVar

from pyoxigraph import DefaultGraph, NamedNode, Store

from aisi_kg.errors import UnknownResource
from aisi_kg.graph.prefixes import Prefixes
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.results import Choice, Format, Sink, answer

__all__ = ["Answering", "Engine", "Evaluator", "Export", "ThreadEvaluator", "collect"]

_Result = TypeVar("_Result")

#: Write a document: the format's name and the resource to bytes.
Export = Callable[[str, str], bytes]

# Blocks are joined up to this size before they cross from one thread to another, which costs more than they
# do.
_BLOCK_BYTES = 64 * 1024
# Blocks that wait for a slow client; the thread that writes them waits then, too.
_WAITING = 4
# The engine's parser and planner call themselves for every level of a query. The memory is only reserved:
# what a query does not reach takes none.
_STACK_BYTES = 256 * 1024 * 1024


class Answering(Protocol):
    """Hold an answer that has begun.

    Iterating over it gives its bytes; an exception then says that the rest will not come.
    """

    #: The format that it is written in.
    format: Format
    #: All of its bytes where they are known already, so that their number can be told; else None.
    whole: bytes | None

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the bytes in blocks."""

    def close(self) -> None:
        """End the writing, as nobody waits for the rest; needed once for every answer."""


class Evaluator(Protocol):
    """Answer from the dataset without blocking."""

    async def answer(self, request: QueryRequest, choice: Choice) -> Answering:
        """Evaluate a query.

        :param request: the query and its dataset.
        :param choice: the formats to answer in.
        :returns: the answer, begun.
        :raises QueryRejected: if the query is refused, or fails before the answer begins.
        :raises FormatRefused: if the choice has no format for the kind of answer.
        """

    async def document(self, iri: str, format_: str) -> bytes:
        """Write the document about a resource.

        :param iri: the resource.
        :param format_: the name of a format for triples.
        :returns: the document.
        :raises UnknownResource: if the dataset says nothing about it.
        """

    def close(self) -> bool:
        """Take no more work.

        :returns: whether none was under way.
        """


class Engine:
    """Do what an evaluator promises, in the thread that asks.

    :param store: the dataset.
    :param prefixes: what IRIs are shortened with.
    :param export: writes documents.
    """

    def __init__(self, store: Store, prefixes: Prefixes, export: Export) -> None:
        self._store = store
        self._prefixes = prefixes
        self._export = export

    def answer(self, request: QueryRequest, choice: Choice, sink: Sink) -> Format:
        """Evaluate a query and write its result (see :func:`aisi_kg.store.results.answer`).

        :param request: the query and its dataset.
        :param choice: the formats to answer in.
        :param sink: what takes the bytes.
        :returns: the format that was written.
        """
        return answer(self._store, request, choice, sink, self._prefixes)

    def document(self, iri: str, format_: str) -> bytes:
        """Write the document about a resource.

        :param iri: the resource.
        :param format_: the name of a format for triples.
        :returns: the document.
        :raises UnknownResource: if the dataset says nothing about it.
        """
        try:
            node = NamedNode(iri)
        except ValueError as error:
            raise UnknownResource("This address is no IRI; the dataset says nothing about it.") from error
        known = any(self._store.quads_for_pattern(node, None, None, DefaultGraph())) or any(
            self._store.quads_for_pattern(None, None, None, node)
        )
        if not known:
            raise UnknownResource(f"The dataset says nothing about <{iri}>.")
        return self._export(format_, iri)


class _AbandonedError(Exception):
    """End the writing of an answer that nobody waits for."""


class _Block(NamedTuple):
    """Give some bytes of an answer, and whether they are the last."""

    data: bytes
    is_last: bool


class _ThreadAnswer:
    """Hand an answer from the thread that writes it to the event loop."""

    format: Format
    whole: bytes | None = None
    _work: "asyncio.Future[None]"

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        # None says that the writing ended early; the future of the thread's work knows why.
        self._blocks: asyncio.Queue[_Block | None] = asyncio.Queue(_WAITING)
        self._first: _Block | None = None
        self._draining: asyncio.Task[None] | None = None
        self._ended = False
        self._abandoned = threading.Event()
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        self._sent = False

    def run(self, engine: Engine, request: QueryRequest, choice: Choice) -> None:
        """Write the answer; called in the thread, as are the next two."""
        written = False
        try:
            engine.answer(request, choice, self)
            self._send(is_last=True)
            written = True
        except _AbandonedError:
            return
        finally:
            if not written:
                self._put(None)

    def begin(self, format_: Format) -> None:
        self.format = format_

    def write(self, data: bytes, /) -> int:
        if self._abandoned.is_set():
            raise _AbandonedError
        # The first block goes out as soon as it is clear that it is not all; later ones are joined.
        if self._pending and (not self._sent or self._pending_bytes + len(data) > _BLOCK_BYTES):
            self._send(is_last=False)
        self._pending.append(data)
        self._pending_bytes += len(data)
        return len(data)

    def _send(self, *, is_last: bool) -> None:
        self._put(_Block(b"".join(self._pending), is_last))
        self._pending, self._pending_bytes, self._sent = [], 0, True

    def _put(self, block: _Block | None) -> None:
        asyncio.run_coroutine_threadsafe(self._blocks.put(block), self._loop).result()

    async def start(self, work: asyncio.Future[None]) -> None:
        """Wait until the answer begins, or raise what it failed by; called in the event loop."""
        self._work = work
        # An answer that nobody waits for may fail without anyone's asking why.
        work.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        try:
            self._first = await self._next()
        except asyncio.CancelledError:
            self.close()
            raise
        self.whole = self._first.data if self._first.is_last else None

    async def _next(self) -> _Block:
        block = await self._blocks.get()
        if block is not None:
            self._ended = block.is_last
            return block
        self._ended = True
        await self._work
        raise _AbandonedError

    async def __aiter__(self) -> AsyncIterator[bytes]:
        block = self._first
        while block is not None:
            yield block.data
            block = None if block.is_last else await self._next()

    def close(self) -> None:
        self._abandoned.set()
        if not self._ended and self._draining is None:
            # The thread may be waiting for room, and learns that nobody reads when it writes its next block.
            self._draining = self._loop.create_task(self._drain())

    async def _drain(self) -> None:
        block = await self._blocks.get()
        while block is not None and not block.is_last:
            block = await self._blocks.get()


class ThreadEvaluator:
    """Evaluate in threads of this process.

    :param engine: what evaluates.
    :param threads: how many queries are evaluated at the same time; the others wait.
    """

    def __init__(self, engine: Engine, threads: int) -> None:
        self._engine = engine
        self._under_way: set[Future[Any]] = set()
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="query")
        before = threading.stack_size(_STACK_BYTES)
        try:
            # A thread is made when work comes and none is idle; these wait for each other, so that all are
            # made here.
            gate = threading.Barrier(threads)
            wait([self._executor.submit(gate.wait) for _ in range(threads)])
        finally:
            threading.stack_size(before)

    async def answer(self, request: QueryRequest, choice: Choice) -> Answering:
        """Evaluate a query (see :class:`Evaluator`)."""
        answering = _ThreadAnswer()
        await answering.start(self._submit(answering.run, self._engine, request, choice))
        return answering

    async def document(self, iri: str, format_: str) -> bytes:
        """Write a document (see :class:`Evaluator`)."""
        return await self._submit(self._engine.document, iri, format_)

    def close(self) -> bool:
        """Take no more work (see :class:`Evaluator`)."""
        self._executor.shutdown(wait=False, cancel_futures=True)
        return not self._under_way

    def _submit(self, task: Callable[..., _Result], *arguments: object) -> "asyncio.Future[_Result]":
        future = self._executor.submit(task, *arguments)
        self._under_way.add(future)
        future.add_done_callback(self._under_way.discard)
        return asyncio.wrap_future(future)


async def collect(evaluator: Evaluator, request: QueryRequest, choice: Choice) -> bytes:
    """Evaluate a query and take the whole answer.

    :param evaluator: what evaluates.
    :param request: the query.
    :param choice: the formats to answer in.
    :returns: the answer's bytes.
    :raises QueryRejected: if the query is refused or fails.
    """
    answering = await evaluator.answer(request, choice)
    try:
        return b"".join([block async for block in answering])
    finally:
        answering.close()
