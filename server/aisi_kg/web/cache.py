"""Keep answers, bounded by the memory they take; those longest unused go first."""

from collections import OrderedDict
from typing import NamedTuple

from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.results import Choice
from aisi_kg.store.wire import Encoding

__all__ = ["AnswerCache", "AnswerKey", "KeptAnswer", "Shortcut"]

# What an entry takes beside its bytes, roughly.
_OVERHEAD_BYTES = 1_000
# A longer answer is gathered for its client alone, and many at once would take much memory.
_MOST_BYTES = 1024 * 1024
# The same answer is asked for under few spellings of URL and headers; more are somebody playing.
_SHORTCUTS = 8


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


class KeptAnswer:
    """Hold an answer as it is sent.

    :param key: which answer it is.
    :param headers: its header fields.
    :param body: its bytes, compressed as the key says.
    :param log: the end of the line that the log gets for it.
    """

    __slots__ = ("body", "headers", "key", "log", "shortcuts", "size", "wire")

    def __init__(self, key: AnswerKey, headers: list[tuple[bytes, bytes]], body: bytes, log: str) -> None:
        self.key = key
        self.headers = headers
        self.body = body
        self.log = log
        lines = b"".join([b"%b: %b\r\n" % header for header in headers])
        #: All that follows status line and date, so that sending it is one call.
        self.wire = lines + b"\r\n" + body
        self.shortcuts: list[Shortcut] = []
        self.size = 2 * len(self.wire) + len(key.request.text) + _OVERHEAD_BYTES


class AnswerCache:
    """Keep answers up to a number of bytes.

    :param limit_bytes: how many; with 0 nothing is kept.
    """

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._answers: OrderedDict[AnswerKey, KeptAnswer] = OrderedDict()
        self._shortcuts: dict[Shortcut, KeptAnswer] = {}
        self.size = 0

    def takes(self, size: int) -> bool:
        """Tell whether an answer is small enough to be kept.

        :param size: its bytes.
        :returns: whether it takes a small part of the cache only.
        """
        return size <= _MOST_BYTES and 2 * size + _OVERHEAD_BYTES <= self._limit // 8

    def get(self, key: AnswerKey) -> KeptAnswer | None:
        """Find an answer.

        :param key: which.
        :returns: the answer, or None.
        """
        kept = self._answers.get(key)
        if kept is not None:
            self._answers.move_to_end(key)
        return kept

    def put(self, kept: KeptAnswer) -> None:
        """Keep an answer.

        :param kept: the answer.
        """
        if kept.size > self._limit // 4:
            return
        self._remove(self._answers.pop(kept.key, None))
        self._answers[kept.key] = kept
        self.size += kept.size
        self._shrink()

    def by_shortcut(self, shortcut: Shortcut) -> KeptAnswer | None:
        """Find an answer by the spelling of a request for it.

        :param shortcut: the spelling.
        :returns: the answer, or None.
        """
        kept = self._shortcuts.get(shortcut)
        if kept is not None:
            self._answers.move_to_end(kept.key)
        return kept

    def add_shortcut(self, shortcut: Shortcut, kept: KeptAnswer) -> None:
        """Remember how a request for an answer was spelt.

        :param shortcut: the spelling.
        :param kept: the answer.
        """
        if kept.key not in self._answers or len(kept.shortcuts) >= _SHORTCUTS or shortcut in self._shortcuts:
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
