"""The messages between a web process and a worker process, on a stream socket.

Each message is a kind, a length and that many bytes. What a web process sends is JSON. What a worker sends is
read by its position alone and never as an object: a worker is where a hostile query runs.

A worker answers a task with one of these sequences::

    WHOLE                     a small answer, complete
    BEGIN BLOCK* END          an answer in blocks
    BEGIN BLOCK* FAILURE      an answer that ends before its end
    FAILURE                     no answer, and why

Before it begins its answer, a worker may ask for what a service says, any number of times, and waits for it::

    CALL                        what to ask, and which service
    RESULT                      what came of it, from the web process
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode

from aisi_kg.errors import (
    AisiKgError,
    FormatRefused,
    QueryEnded,
    QueryRejected,
    ServiceRefused,
    UnknownResource,
    UpdateRefused,
)
from aisi_kg.store.compression import ENCODINGS, Encoding
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.results import GRAPH_FORMATS, RESULT_FORMATS, Choice, Format
from aisi_kg.store.services import Reply, Status

__all__ = [
    "Begun",
    "Frames",
    "Kind",
    "Message",
    "Task",
    "error_of",
    "failure",
    "frame",
    "pack_begun",
    "pack_call",
    "pack_reply",
    "pack_rows",
    "unpack_begun",
    "unpack_call",
    "unpack_reply",
    "unpack_rows",
]

_FORMATS = (*RESULT_FORMATS, *GRAPH_FORMATS)

_USUAL = Choice()

_HEAD = struct.Struct("!cI")
_BEGUN = struct.Struct("!BBI")
_ROWS = struct.Struct("!I")


class Kind:
    """Name the kinds of messages."""

    TASK = b"T"
    WHOLE = b"W"
    BEGIN = b"B"
    BLOCK = b"D"
    END = b"E"
    FAILURE = b"F"
    CALL = b"C"
    RESULT = b"R"


class Message(NamedTuple):
    """Give the kind of a message and what it carries."""

    kind: bytes
    payload: bytes


class Begun(NamedTuple):
    """Say how an answer is written; ``rows`` is known only of a whole one."""

    format: Format
    encoding: Encoding
    rows: int


@dataclass(frozen=True, slots=True)
class Task:
    """Hold what a worker is asked for: the answer to a query, or a document.

    :param request: the query; None for a document.
    :param choice: the formats to answer in.
    :param encoding: what to compress with.
    :param iri: the resource of a document; empty for a query.
    :param format: the name of a document's format.
    """

    request: QueryRequest | None
    choice: Choice = _USUAL
    encoding: Encoding = ""
    iri: str = ""
    format: str = ""

    def pack(self) -> bytes:
        """Write the task as a message.

        :returns: the bytes to send.
        """
        asked = self.request
        if asked is None:
            head, text = _head(False, (), self.choice, self.encoding, self.iri, self.format), b""
        else:
            bindings = tuple((name, *_pack_term(term)) for name, term in asked.bindings)
            rest = (asked.default_graphs, asked.named_graphs, asked.base, asked.prefixes, bindings)
            head = _head(True, rest, self.choice, self.encoding, self.iri, self.format)
            text = asked.text.encode("utf-8", "surrogatepass")
        return frame(Kind.TASK, head + text)

    @classmethod
    def unpack(cls, payload: bytes) -> "Task":
        """Read a task.

        :param payload: what its message carries.
        :returns: the task.
        """
        head, _, data = payload.partition(b"\n")
        rest, choice, encoding, iri, format_ = _read_head(head)
        request = None
        if rest is not None:
            default, named, base, prefixes, bindings = rest
            request = QueryRequest(
                data.decode("utf-8", "surrogatepass"),
                default,
                named,
                base,
                prefixes,
                tuple([(name, _unpack_term(*parts)) for name, *parts in bindings]),
            )
        return cls(request, choice, encoding, iri, format_)


@lru_cache(maxsize=256)
def _head(
    is_query: bool, rest: tuple[Any, ...], choice: Choice, encoding: Encoding, iri: str, format_: str
) -> bytes:
    """Write all of a task but the query's text; most tasks have few different ones."""
    value = [is_query, rest, (choice.result, choice.graph), encoding, iri, format_]
    return json.dumps(value).encode() + b"\n"


@lru_cache(maxsize=256)
def _read_head(head: bytes) -> tuple[Any, Choice, Encoding, str, str]:
    """Read all of a task but the query's text."""
    is_query, rest, choice, encoding, iri, format_ = json.loads(head)
    if not is_query:
        return None, Choice(*choice), encoding, iri, format_
    default, named, base, prefixes, bindings = rest
    graphs = (tuple(default), tuple(named))
    rest = (*graphs, base, tuple((name, space) for name, space in prefixes), bindings)
    return rest, Choice(*choice), encoding, iri, format_


def _pack_term(term: NamedNode | RdfLiteral) -> tuple[str, str | None, str | None]:
    """Take a term apart: its value, and of a literal its datatype and language."""
    if isinstance(term, NamedNode):
        return term.value, None, None
    return term.value, term.datatype.value, term.language


def _unpack_term(value: str, datatype: str | None, language: str | None) -> NamedNode | RdfLiteral:
    if datatype is None:
        return NamedNode(value)
    if language is not None:
        return RdfLiteral(value, language=language)
    return RdfLiteral(value, datatype=NamedNode(datatype))


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    """Write a message.

    :param kind: one of :class:`Kind`.
    :param payload: what it carries.
    :returns: the bytes to send.
    """
    return _HEAD.pack(kind, len(payload)) + payload


def pack_begun(format_: Format, encoding: Encoding, rows: int = 0) -> bytes:
    """Write how an answer is written.

    :param format_: the format.
    :param encoding: the compression.
    :param rows: the rows of a whole answer.
    :returns: the start of the payload of ``WHOLE`` and ``BEGIN``.
    """
    return _BEGUN.pack(_FORMATS.index(format_), ENCODINGS.index(encoding), rows)


def unpack_begun(payload: bytes) -> tuple[Begun, bytes]:
    """Read how an answer is written.

    :param payload: what ``WHOLE`` or ``BEGIN`` carries.
    :returns: how it is written, and the bytes of the answer behind that.
    :raises ValueError: if it is no such payload.
    """
    try:
        number, encoding, rows = _BEGUN.unpack_from(payload)
        return Begun(_FORMATS[number], ENCODINGS[encoding], rows), payload[_BEGUN.size :]
    except (struct.error, IndexError) as error:
        raise ValueError("no beginning of an answer") from error


def pack_rows(rows: int) -> bytes:
    """Write a number of rows.

    :param rows: the number.
    :returns: the payload of ``END``.
    """
    return _ROWS.pack(rows)


def unpack_rows(payload: bytes) -> int:
    """Read a number of rows.

    :param payload: what ``END`` carries.
    :returns: the number.
    :raises ValueError: if it is no such payload.
    """
    try:
        rows: int = _ROWS.unpack(payload)[0]
    except struct.error as error:
        raise ValueError("no number of rows") from error
    return rows


def pack_call(number: int, query: str) -> bytes:
    """Write what a service is to be asked.

    :param number: its number in the list of services.
    :param query: the query.
    :returns: the payload of ``CALL``.
    """
    return bytes([number]) + query.encode("utf-8", "surrogatepass")


def unpack_call(payload: bytes) -> tuple[int, str]:
    """Read what a service is to be asked.

    :param payload: what ``CALL`` carries.
    :returns: the number of the service, and the query.
    :raises ValueError: if it is no such payload.
    """
    if not payload:
        raise ValueError("no number of a service")
    return payload[0], payload[1:].decode()


_STATUSES: tuple[Status, ...] = ("json", "xml", "failed", "timeout", "refused")


def pack_reply(reply: Reply) -> bytes:
    """Write what came of a call.

    :param reply: what came of it.
    :returns: the payload of ``RESULT``.
    """
    return bytes([_STATUSES.index(reply.status)]) + reply.content


def unpack_reply(payload: bytes) -> Reply:
    """Read what came of a call.

    :param payload: what ``RESULT`` carries.
    :returns: what came of it.
    """
    return Reply(_STATUSES[payload[0]], payload[1:])


# Beyond what any task, block or document takes.
_LONGEST_BYTES = 512 * 1024 * 1024


class Frames:
    """Cut what comes from a socket into messages."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Message]:
        """Take bytes and give the messages that they complete.

        :param data: what was received.
        :returns: the messages.
        :raises ValueError: if a message says that it is longer than any is.
        """
        buffer = self._buffer
        if not buffer and len(data) >= _HEAD.size:
            kind, length = _HEAD.unpack_from(data)
            if len(data) == _HEAD.size + length:
                # As nearly always: one message, and nothing of another.
                yield Message(kind, data[_HEAD.size :])
                return
        buffer += data
        while len(buffer) >= _HEAD.size:
            kind, length = _HEAD.unpack_from(buffer)
            if length > _LONGEST_BYTES:
                raise ValueError("no length of a message")
            end = _HEAD.size + length
            if len(buffer) < end:
                return
            payload = bytes(memoryview(buffer)[_HEAD.size : end])
            del buffer[:end]
            yield Message(kind, payload)


_ERRORS: dict[str, type[QueryRejected]] = {
    "rejected": QueryRejected,
    "service": ServiceRefused,
    "update": UpdateRefused,
}


def failure(error: AisiKgError) -> bytes:
    """Write an error as a message.

    :param error: what an evaluation ended with.
    :returns: the bytes to send.
    """
    value: dict[str, Any] = {"message": str(error)}
    if isinstance(error, FormatRefused):
        value.update(type="format", message=error.detail, offered=error.offered)
    elif isinstance(error, QueryEnded):
        value.update(type="ended", code=error.code)
    elif isinstance(error, QueryRejected):
        name = next(name for name, kind in reversed(_ERRORS.items()) if isinstance(error, kind))
        value.update(type=name, line=error.line, column=error.column)
    elif isinstance(error, UnknownResource):
        value.update(type="unknown")
    else:
        value.update(type="other")
    return frame(Kind.FAILURE, json.dumps(value).encode())


def error_of(payload: bytes) -> AisiKgError:
    """Read an error.

    :param payload: what ``FAILURE`` carries.
    :returns: the error, to be raised.
    :raises ValueError: if it is no such payload.
    """
    value = json.loads(payload)
    try:
        kind, message = str(value["type"]), str(value["message"])
        if kind == "format":
            return FormatRefused(message, tuple(str(each) for each in value["offered"]))
        if kind == "ended":
            return QueryEnded(str(value["code"]), message)
        if kind == "unknown":
            return UnknownResource(message)
        if kind in _ERRORS:
            line, column = value["line"], value["column"]
            return _ERRORS[kind](message, line and int(line), column and int(column))
        return AisiKgError(message)
    except (KeyError, TypeError) as error:
        raise ValueError("no error that a worker reports") from error
