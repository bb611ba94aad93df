"""Keep answers, bounded by the memory they take; those longest unused go first."""

from collections import OrderedDict
from collections.abc import Iterable
from typing import NamedTuple, Self

from aisi_kg.store.compression import Encoding
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.results import Choice

__all__ = ["AnswerCache", "AnswerKey", "Head", "KeptAnswer", "Shortcut"]

# What an entry takes beside its bytes, roughly.
_OVERHEAD_BYTES = 1_000
# A longer answer is gathered for its client alone, and many at once would take much memory.
_MOST_BYTES = 1024 * 1024
# The same answer is asked for under few spellings of URL and headers; more are somebody playing.
_SHORTCUTS = 8
# What is remembered of answers that are kept only when they are asked for again.
_ASKED_ONCE = 8192


class AnswerKey(NamedTuple):
    """Say which answer it is: the query, its dataset, and how it is written."""

    request: QueryRequest
    choice: Choice
    encoding: Encoding


class Shortcut(NamedTuple):
    """Spell a request as it came: URL, ``Accept`` and ``Accept-Encoding``."""

    url: bytes
    accept: bytes
    encodings: bytes


class Head(NamedTuple):
    """Hold header fields that many answers have in common, and the same as they are sent."""

    fields: tuple[tuple[bytes, bytes], ...]
    lines: bytes

    @classmethod
    def of(cls, fields: Iterable[tuple[bytes, bytes]]) -> Self:
        """Write fields as they are sent.

        :param fields: names in lower case, and values.
        :returns: both.
        """
        fields = tuple(fields)
        return cls(fields, b"".join([b"%b: %b\r\n" % field for field in fields]))


class KeptAnswer:
    """Hold an answer as it is sent.

    :param digest: names it.
    :param head: its header fields but for ``ETag`` and ``Content-Length``.
    :param tag: its ``ETag``; None where it may be another next time.
    :param body: its bytes, compressed as the head says.
    """

    __slots__ = ("_head", "_length", "_tag", "digest", "log", "shortcuts", "size", "wire")

    def __init__(self, digest: str, head: Head, tag: str | None, body: bytes) -> None:
        self.digest = digest
        #: The end of the line that the log gets for it.
        self.log = ""
        self._head, self._tag, self._length = head, tag, len(body)
        tagged = b"" if tag is None else b"etag: %b\r\n" % tag.encode()
        #: All that follows status line and date, so that sending it is one call.
        self.wire = b"%b%bcontent-length: %d\r\n\r\n%b" % (head.lines, tagged, self._length, body)
        self.shortcuts: list[Shortcut] = []
        self.size = len(self.wire) + _OVERHEAD_BYTES

    @property
    def body(self) -> bytes:
        """Give its bytes."""
        return self.wire[len(self.wire) - self._length :]

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """Give all of its header fields."""
        tags = [] if self._tag is None else [(b"etag", self._tag.encode())]
        return [*self._head.fields, *tags, (b"content-length", b"%d" % self._length)]


class AnswerCache:
    """Keep answers up to a number of bytes.

    :param limit_bytes: how many; with 0 nothing is kept.
    """

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._answers: OrderedDict[str, KeptAnswer] = OrderedDict()
        self._shortcuts: dict[Shortcut, KeptAnswer] = {}
        # What was asked for once, of late and before that.
        self._once: set[str] = set()
        self._once_before: set[str] = set()
        self.size = 0

    def takes(self, size: int) -> bool:
        """Tell whether an answer is small enough to be kept.

        :param size: its bytes.
        :returns: whether it takes a small part of the cache only.
        """
        return size <= _MOST_BYTES and size + _OVERHEAD_BYTES <= self._limit // 8

    def wants(self, digest: str) -> bool:
        """Tell whether an answer that is nearly as quickly made as kept is worth being kept.

        :param digest: what names it.
        :returns: whether it was asked for before; most of what is asked once never is again.
        """
        if digest in self._once or digest in self._once_before:
            return True
        if len(self._once) >= _ASKED_ONCE:
            self._once_before, self._once = self._once, set()
        self._once.add(digest)
        return False

    def get(self, digest: str) -> KeptAnswer | None:
        """Find an answer.

        :param digest: what names it.
        :returns: the answer, or None.
        """
        kept = self._answers.get(digest)
        if kept is not None:
            self._answers.move_to_end(digest)
        return kept

    def put(self, kept: KeptAnswer) -> None:
        """Keep an answer.

        :param kept: the answer.
        """
        if kept.size > self._limit // 4:
            return
        self._remove(self._answers.pop(kept.digest, None))
        self._answers[kept.digest] = kept
        self.size += kept.size
        self._shrink()

    def by_shortcut(self, shortcut: Shortcut) -> KeptAnswer | None:
        """Find an answer by the spelling of a request for it.

        :param shortcut: the spelling.
        :returns: the answer, or None.
        """
        kept = self._shortcuts.get(shortcut)
        if kept is not None:
            self._answers.move_to_end(kept.digest)
        return kept

    def add_shortcut(self, shortcut: Shortcut, kept: KeptAnswer) -> None:
        """Remember how a request for an answer was spelt.

        :param shortcut: the spelling.
        :param kept: the answer.
        """
        if (
            self._answers.get(kept.digest) is not kept
            or len(kept.shortcuts) >= _SHORTCUTS
            or shortcut in self._shortcuts
        ):
            return
        more = sum(map(len, shortcut)) + _OVERHEAD_BYTES // 4
        kept.shortcuts.append(shortcut)
        kept.size += more
        self.size += more
        self._shortcuts[shortcut] = kept
        self._shrink()

    def _shrink(self) -> None:
        while self.size > self._limit:
            self._remove(self._answers.popitem(last=False)[1])

    def _remove(self, kept: KeptAnswer | None) -> None:
        if kept is None:
            return
        self.size -= kept.size
        for shortcut in kept.shortcuts:
            del self._shortcuts[shortcut]
