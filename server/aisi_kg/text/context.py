"""Show a passage in its sentence, with the sentences beside it and no more: the text is not ours to publish.

Sentences are those of the body text of one section, so that a sentence goes on over the foot of a page. One
ends behind a full stop, a question or exclamation mark or a semicolon, with what closes a quotation and the
footnote markers behind it; a bullet begins one, and so does what stands under a heading. A table's cells are
no sentences: there and of long stretches only what stands next to the passage is shown.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from aisi_kg.text.layout import Kind
from aisi_kg.text.report import Report

__all__ = ["LONGEST_STRETCH", "Segment", "in_context"]

LONGEST_STRETCH = 160
"""How many characters are shown at most on either side of the passage within its sentence, and of each of the
sentences beside it."""

_BESIDE_CELL = 40
_CLOSING = "”’）)」』》\"'"
_ENDS = "。！？；"
_BULLETS = "●○"
_ELLIPSIS = "…"
_CJK = re.compile(r"[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f]")


@dataclass(frozen=True, slots=True)
class Segment:
    """Hold a stretch of text.

    :param text: the text, or a footnote's number.
    :param role: ``passage``, ``sentence`` for the rest of its sentence, ``around`` for those beside it.
    :param footnote: the number, where the stretch is a footnote marker, else 0.
    """

    text: str
    role: str
    footnote: int = 0


class _Body:
    """Hold the body text of one section, with the way back to the positions of the whole text."""

    def __init__(self, report: Report, section: str) -> None:
        self._report = report
        self.positions = [
            position
            for region in report.body
            if region.section == section
            for position in range(region.start, region.end)
        ]
        whole = report.text.text
        self.text = "".join(whole[position] for position in self.positions)
        headings = [r.start for r in report.regions if r.section == section and r.kind is Kind.HEADING]
        #: Where something begins whatever stands before it.
        self._beginnings = {bisect_left(self.positions, start) for start in headings}
        #: The number and the end of each footnote marker, by the index of its first character.
        self.markers = {
            bisect_left(self.positions, marker.start): (
                marker.number,
                bisect_left(self.positions, marker.end),
            )
            for marker in report.markers
            if marker.section == section
        }

    def end_of_sentence(self, index: int) -> int:
        """Give the index behind the sentence in which a character stands."""
        while index < len(self.text):
            char = self.text[index]
            index += 1
            if char in _ENDS:
                while index < len(self.text) and self.text[index] in _CLOSING:
                    index += 1
                return self.markers[index][1] if index in self.markers else index
            if index in self._beginnings or (index < len(self.text) and self.text[index] in _BULLETS):
                return index
        return index

    def sentences(self) -> Iterator[tuple[int, int]]:
        start = 0
        while start < len(self.text):
            end = self.end_of_sentence(start)
            yield start, end
            start = end

    def written(self, start: int, end: int, role: str) -> Iterator[Segment]:
        """Write a stretch, with the footnote markers apart."""
        index = start
        for at in sorted(each for each in self.markers if start <= each < end):
            number, behind = self.markers[at]
            if at > index:
                yield Segment(self._spaced(index, at), role)
            yield Segment(str(number), role, number)
            index = behind
        if index < end:
            yield Segment(self._spaced(index, end), role)

    def _spaced(self, start: int, end: int) -> str:
        """Put spaces back between words of Latin letters."""
        text, raw = self._report.text, self._report.raw_text
        written: list[str] = []
        for index in range(start, end):
            char = self.text[index]
            if index > start and not _CJK.match(char) and not _CJK.match(self.text[index - 1]):
                before = text.raw_offset(self.positions[index - 1]) + 1
                if before < text.raw_offset(self.positions[index]) and raw[before].isspace():
                    written.append(" ")
            written.append(char)
        return "".join(written)


def in_context(report: Report, start: int, end: int) -> tuple[Segment, ...]:
    """Show a passage in its sentence, with the sentence before and the one behind.

    :param report: the text.
    :param start: the position of the passage's first character.
    :param end: the position behind its last one.
    :returns: stretches of text in order; none where the passage stands in no body text.
    """
    if not 0 <= start < end <= len(report.text):
        return ()
    section = report.section_of(start)
    body = _Body(report, section)
    first, last = bisect_left(body.positions, start), bisect_left(body.positions, end)
    if first == last:
        return ()
    if section in report.tables:
        # Its cells come one after the other, so that what stands beside a passage says only where it is.
        before, behind = max(0, first - _BESIDE_CELL), min(len(body.text), last + _BESIDE_CELL)
        beside = (*body.written(before, first, "around"), *body.written(first, last, "passage"))
        return (*beside, *body.written(last, behind, "around"))
    sentences = list(body.sentences())
    opening = next(n for n, (_, behind) in enumerate(sentences) if behind > first)
    closing = next(n for n, (_, behind) in enumerate(sentences) if behind >= last)
    begin, stop = sentences[opening][0], sentences[closing][1]
    parts: list[Segment] = []
    if opening:
        parts += _bounded(body, *sentences[opening - 1], "around", at_end=True)
    parts += _bounded(body, begin, first, "sentence", at_end=True)
    parts += body.written(first, last, "passage")
    parts += _bounded(body, last, stop, "sentence", at_end=False)
    if closing + 1 < len(sentences):
        parts += _bounded(body, *sentences[closing + 1], "around", at_end=False)
    return tuple(parts)


def _bounded(body: _Body, start: int, end: int, role: str, *, at_end: bool) -> Iterator[Segment]:
    """Write a stretch, of a long one only the end that is next to the passage."""
    if end - start <= LONGEST_STRETCH:
        yield from body.written(start, end, role)
    elif at_end:
        yield Segment(_ELLIPSIS, role)
        yield from body.written(end - LONGEST_STRETCH, end, role)
    else:
        yield from body.written(start, start + LONGEST_STRETCH, role)
        yield Segment(_ELLIPSIS, role)
