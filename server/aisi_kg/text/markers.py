"""Find the footnote markers in the body.

A marker is a number glued to the text, as `之一60` or `G207`, which is G20 with footnote 7; nothing in its
looks tells it from another number. Its place does:

- A footnote stands at the foot of the page that bears its marker, so a page's markers are the numbers of the
  footnotes at its foot, each once, in their order.
- A marker is a run of digits, or the end of a run that a Latin letter precedes: the rest is part of a name.
- No white space stands before it on its line, and no opening or separating punctuation: a marker follows
  what it covers. A number between 年 or 月 and 月 or 日 is a date, and one with a decimal point is no marker.

These leave one way to place all markers of a page. Where they leave none or several, the text is refused: a
guess would attach a source to a sentence that it does not support.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from aisi_kg.errors import InputError
from aisi_kg.text.layout import Kind, Layout
from aisi_kg.text.positions import NormalisedText

__all__ = ["Marker", "find_markers"]

_DIGITS = re.compile(r"\d+(?:\.\d+)*")
_NOT_BEFORE = frozenset("、，：；。（(《“‘「『<[{–—-·/+=●○.")


@dataclass(frozen=True, slots=True)
class Marker:
    """Locate a footnote's number in the body.

    :param number: the footnote's number.
    :param start: the position of the number's first digit.
    :param end: the position behind its last digit.
    :param page: the page of the PDF on which it stands.
    :param section: the number of its section.
    """

    number: int
    start: int
    end: int
    page: int
    section: str


def find_markers(raw: str, text: NormalisedText, layout: Layout) -> tuple[Marker, ...]:
    """Find where the body bears the numbers of the footnotes.

    :param raw: the text layer as it was read.
    :param text: the same, normalised.
    :param layout: its parts.
    :returns: one marker a footnote, in the order of their numbers.
    :raises InputError: if a page's markers cannot be placed, or can be placed in more than one way.
    """
    markers: list[Marker] = []
    for page, notes in groupby(layout.notes, key=lambda note: note.page):
        numbers = [note.number for note in notes]
        found = list(_candidates(raw, text, layout, page, frozenset(numbers)))
        markers.extend(_place(numbers, found, page))
    return tuple(markers)


def _candidates(
    raw: str, text: NormalisedText, layout: Layout, page: int, numbers: frozenset[int]
) -> Iterator[Marker]:
    for region in layout.regions:
        if region.page != page or region.kind is not Kind.BODY:
            continue
        for run in _DIGITS.finditer(text.text, region.start, region.end):
            for number in sorted(numbers):
                digits = str(number)
                start = run.end() - len(digits)
                if not run[0].endswith(digits) or "." in run[0] or start == region.start:
                    continue
                if start > run.start() and not _in_a_name(text.text, run.start()):
                    continue
                if _follows_text(raw, text, start) and not _in_a_date(text.text, run.start(), run.end()):
                    yield Marker(number, start, run.end(), page, region.section)


def _in_a_name(text: str, run: int) -> bool:
    letter = text[run - 1] if run else ""
    return letter.isascii() and letter.isalpha() and text[run] != "0"


def _follows_text(raw: str, text: NormalisedText, start: int) -> bool:
    if text.text[start - 1] in _NOT_BEFORE:
        return False
    between = raw[text.raw_offset(start - 1) + 1 : text.raw_offset(start)]
    return not between or "\n" in between


def _in_a_date(text: str, start: int, end: int) -> bool:
    return text[start - 1] in "年月" and text[end : end + 1] in ("月", "日")


def _place(numbers: Sequence[int], found: Sequence[Marker], page: int) -> list[Marker]:
    # By the position where the last of the numbers so far ends: how many ways there are, and one of them.
    ways: dict[int, tuple[int, list[Marker]]] = {0: (1, [])}
    for number in numbers:
        longer: dict[int, tuple[int, list[Marker]]] = {}
        for marker in found:
            before = [way for end, way in ways.items() if end <= marker.start]
            if marker.number == number and before:
                longer[marker.end] = (sum(count for count, _ in before), [*before[0][1], marker])
        if not longer:
            raise InputError(
                f"The marker of footnote {number} is not in the body of page {page}, at whose foot the "
                "footnote stands; use the text layer as it came from the PDF."
            )
        ways = longer
    if sum(count for count, _ in ways.values()) > 1:
        raise InputError(
            f"The markers of footnotes {numbers[0]}-{numbers[-1]} on page {page} can be placed in more than "
            "one way; use the text layer as it came from the PDF."
        )
    (_, markers) = next(iter(ways.values()))
    return markers
