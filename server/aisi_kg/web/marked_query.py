"""Show where a query is wrong: the lines around the place, with the place marked."""

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Line", "marked"]

_AROUND = 4
# Of a longer line only what is near the place is shown.
_BEFORE, _AFTER = 120, 80
_TOKEN = re.compile(r"[\w:?$-]+|\S|$")
# As in SPARQL's grammar and its messages, which count lines by these ends alone.
_LINE_END = re.compile(r"\r\n|\n|\r")


class Line(NamedTuple):
    """Hold a line of a query.

    :param number: its number, from 1.
    :param text: the line, or what stands before the place in it.
    :param place: what is marked; empty in other lines.
    :param rest: what stands behind the place.
    """

    number: int
    text: str
    place: str = ""
    rest: str = ""


def marked(query: str, line: int, column: int | None) -> list[Line]:
    """Mark a place in a query.

    :param query: the query.
    :param line: the line of the place, from 1.
    :param column: its column in code points, from 1; None where only the line is known.
    :returns: the line of the place, and some before and behind it.
    """
    lines = _LINE_END.split(query)
    at = min(max(line, 1), len(lines))
    return list(_lines(lines, at, column))


def _lines(lines: list[str], at: int, column: int | None) -> Iterator[Line]:
    first, last = max(1, at - _AROUND), min(len(lines), at + _AROUND)
    for number in range(first, last + 1):
        text = lines[number - 1]
        if number != at or column is None:
            yield Line(number, _short(text))
            continue
        start = min(max(column, 1) - 1, len(text))
        found = _TOKEN.match(text, start)
        # At the end of a line there is nothing to mark but the end.
        place = found[0][:_AFTER] if found and found[0] else " "
        before, rest = text[:start], text[start + len(place) :]
        if len(before) > _BEFORE:
            before = "…" + before[-_BEFORE:]
        yield Line(number, before, place, _short(rest, _AFTER))


def _short(text: str, most: int = _BEFORE + _AFTER) -> str:
    return text if len(text) <= most else text[:most] + "…"
