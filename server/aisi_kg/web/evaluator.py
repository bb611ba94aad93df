"""Say what the web layer asks of whoever evaluates queries, and nothing of how that is done."""

from collections.abc import AsyncIterator
from typing import Protocol

from aisi_kg.errors import QueryEnded
from aisi_kg.store.compression import Encoding
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.lookup import Found
from aisi_kg.store.results import Choice, Format

__all__ = ["AnswerCut", "Answering", "Evaluator", "WholeAnswer", "collect", "gather"]

# HTTP/1.0 has no way to send an answer in blocks so that a client sees whether the last has come.
_OLD_HTTP_BYTES = 16 * 1024 * 1024


class AnswerCut(Exception):
    """Say that an answer ends before its end: the connection is to be closed so that the client sees it."""


class Answering(Protocol):
    """Hold an answer that has begun.

    Iterating over it gives its bytes; an exception then says that the rest will not come.
    """

    @property
    def format(self) -> Format:
        """Give the format that it is written in."""

    @property
    def encoding(self) -> Encoding:
        """Say what it is compressed with."""

    @property
    def whole(self) -> bytes | None:
        """Give all of its bytes where they are known already, so that their number can be told; else None."""

    @property
    def rows(self) -> int:
        """Give the number of its rows or triples; of an answer in blocks, known when the last has come."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the bytes in blocks."""

    def close(self) -> None:
        """End the evaluation, as nobody waits for the rest; needed once for every answer."""


class WholeAnswer:
    """Hold an answer that is there already (see :class:`Answering`).

    :param found: the answer.
    """

    def __init__(self, found: Found) -> None:
        self.format, self.encoding, self.rows, self._data = found

    @property
    def whole(self) -> bytes | None:
        """Give all of its bytes."""
        return self._data

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._data

    def close(self) -> None:
        """Do nothing: no evaluation is under way."""


class Evaluator(Protocol):
    """Answer from the dataset without blocking."""

    async def answer(
        self, request: QueryRequest, choice: Choice, *, encoding: Encoding = "", client: str = ""
    ) -> Answering:
        """Evaluate a query.

        Whoever is cancelled while waiting ends the evaluation.

        :param request: the query and its dataset.
        :param choice: the formats to answer in.
        :param encoding: what to compress the answer with; a short one is not compressed.
        :param client: who asks, so that nobody keeps all others waiting.
        :returns: the answer, begun.
        :raises QueryRejected: if the query is refused, or fails before the answer begins.
        :raises QueryEnded: if it was ended at a limit before the answer begins, or cannot be taken now.
        :raises FormatRefused: if the choice has no format for the kind of answer.
        """

    async def document(self, iri: str, format_: str, *, client: str = "") -> bytes:
        """Write the document about a resource.

        :param iri: the resource.
        :param format_: the name of a format for triples.
        :param client: who asks.
        :returns: the document.
        :raises UnknownResource: if the dataset says nothing about it.
        :raises QueryEnded: as for :meth:`answer`.
        """


async def gather(answering: Answering) -> bytes:
    """Take the rest of an answer for a client that speaks HTTP/1.0 and has to be told its length.

    :param answering: the answer.
    :returns: its bytes.
    :raises QueryEnded: if it was ended at a limit, or is too long to be held.
    """
    blocks, size = [], 0
    async for block in answering:
        blocks.append(block)
        size += len(block)
        if size > _OLD_HTTP_BYTES:
            raise QueryEnded(
                "answer-too-long", "HTTP/1.0 cannot carry an answer of this length safely; ask by HTTP/1.1."
            )
    return b"".join(blocks)


async def collect(evaluator: Evaluator, request: QueryRequest, choice: Choice, *, client: str = "") -> bytes:
    """Evaluate a query and take the whole answer.

    :param evaluator: what evaluates.
    :param request: the query.
    :param choice: the formats to answer in.
    :param client: who asks.
    :returns: the answer's bytes.
    :raises QueryRejected: if the query is refused or fails.
    :raises QueryEnded: if it was ended at a limit.
    """
    answering = await evaluator.answer(request, choice, client=client)
    try:
        return b"".join([block async for block in answering])
    finally:
        answering.close()
