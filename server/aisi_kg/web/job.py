"""Hold a task that a worker is given, and what comes of it."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Protocol

from aisi_kg.errors import AisiKgError
from aisi_kg.store.compression import Encoding
from aisi_kg.store.results import Format
from aisi_kg.store.wire import Kind, error_of, unpack_begun, unpack_rows

__all__ = ["Doer", "Job"]

# What a worker has sent and no client has taken; then it waits.
_BUFFERED_BYTES = 1024 * 1024


class Doer(Protocol):
    """Do tasks, one after the other."""

    @property
    def job(self) -> "Job | None":
        """Give the task that is done now."""

    def pause(self) -> None:
        """Wait: the answer is not taken as fast as it comes."""

    def resume(self) -> None:
        """Go on."""


class Job:
    """Hold one task from the moment it is asked for until its answer is taken or given up.

    :param data: the task as it is sent to a worker.
    :param client: who asks.
    :param on_begun: is told when the answer begins, or that none will come.
    :param is_document: whether a document is asked for, and not the answer to a query.
    """

    __slots__ = (
        "_blocks",
        "_buffered",
        "_wake",
        "called",
        "client",
        "data",
        "encoding",
        "error",
        "format",
        "is_begun",
        "is_document",
        "is_ended",
        "link",
        "on_begun",
        "rows",
        "service_bytes",
        "since",
        "whole",
    )
    format: Format

    def __init__(
        self,
        data: bytes,
        client: str,
        on_begun: "Callable[[Job], None] | None" = None,
        *,
        is_document: bool = False,
    ) -> None:
        self.data = data
        self.client = client
        #: Is called once, when the answer begins or it is known that none will come.
        self.on_begun = on_begun
        self.is_begun = False
        self.is_document = is_document
        self.link: Doer | None = None
        self.since = time.monotonic()
        self.whole: bytes | None = None
        self.encoding: Encoding = ""
        self.rows = 0
        #: How often services were called for it, and how many bytes they have answered.
        self.called = 0
        self.service_bytes = 0
        self._blocks: deque[bytes] = deque()
        self._buffered = 0
        #: The worker is done with it, or nothing more is wanted of it.
        self.is_ended = False
        #: Why no answer, or no more of it, will come.
        self.error: AisiKgError | None = None
        self._wake: asyncio.Future[None] | None = None

    def take(self, kind: bytes, payload: bytes) -> bool:
        """Take a message of the worker.

        :param kind: its kind.
        :param payload: what it carries.
        :returns: whether the worker is done with the task.
        :raises ValueError: if it is no message of a worker.
        """
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
            self.is_ended = True
            self._begin()
            return True
        if kind == Kind.BEGIN:
            begun, _ = unpack_begun(payload)
            self.format, self.encoding, _ = begun
            self._begin()
            return False
        if kind == Kind.END:
            self.rows = unpack_rows(payload)
            self.is_ended = True
            self._notify()
            return True
        self.fail(error_of(payload))
        return True

    def fail(self, error: AisiKgError) -> None:
        """End it with an error, unless it has ended.

        :param error: the error.
        """
        if self.is_ended:
            return
        self.is_ended, self.error = True, error
        self._begin()
        self._notify()

    def _begin(self) -> None:
        if not self.is_begun:
            self.is_begun = True
            if self.on_begun is not None:
                self.on_begun(self)

    def _notify(self) -> None:
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    async def blocks(self) -> AsyncIterator[bytes]:
        """Give the answer's bytes as they come.

        :returns: the blocks.
        :raises AisiKgError: if the rest will not come.
        """
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
            if self.is_ended:
                break
            self._wake = asyncio.get_running_loop().create_future()
            await self._wake
        if self.error is not None:
            raise self.error

    async def until_begun(self) -> None:
        """Wait until the answer begins.

        :raises AisiKgError: if none will come.
        """
        if not self.is_begun:
            waiting: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self.on_begun = lambda _: None if waiting.done() else waiting.set_result(None)
            await waiting
        if self.error is not None:
            raise self.error
