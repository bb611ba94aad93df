"""Tell the parts of the report's text layer apart: pages, sections, body, heads and footnotes.

The layer is lines of text, in which blank lines separate boxes, not paragraphs. What a line is follows from
where it stands and how it is built; no line is known by its words:

- A page begins with a line that starts with one space, or with a line printed twice, which is a chapter's
  running head above the chapter's own head.
- A page ends with its footnotes, the highest number first: boxes that begin with a number, of which the last
  on a page follows the highest number of the pages before, below at least one other box. Behind them stand at
  most a printed page number, a line of digits, and boxes of nothing but addresses, which were torn off a
  footnote or repeat one.
- A chapter's head is the first line of a page, a digit and a title without punctuation, the digit being the
  next one. The same line at the top of a later page is a running head.
- A section's head begins with the number that follows the one before: 3.3.1 comes after 3.3, 3.4 after 3.3.2.
- A row of four words or more under a section's head is the head of a table, with the rest of its box and a
  line in brackets under it, and so are these when a later page repeats them. Such a section is a table.
- Outside tables a short line with no punctuation is a heading when it begins with a number and a bracket, or
  in the summary a number and a full stop, or is a bullet directly over bullets of the second level.

All else is body: sentences, bullets, table cells and the captions of figures, which carry facts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from aisi_kg.text.positions import NormalisedText

__all__ = ["SUMMARY", "Kind", "Layout", "Note", "Page", "Region", "lay_out"]

SUMMARY = "0"
"""The section that stands before chapter 1."""

_PAGE_START = re.compile(r" (?! )")
_NOTE = re.compile(r" ?(\d{1,3})(?![\d.)）、年月日]) ?\S")
_PAGE_NUMBER = re.compile(r"\s*\d{1,3}\s*")
_ADDRESS = re.compile(r"\s*https?://\S+\s*")
_CHAPTER_HEAD = re.compile(r" ?(\d)(?!\d)\s?([^\s.)）、，。：；][^，。：；]*)")
_SECTION_HEAD = re.compile(r" ?(\d(?:\.\d{1,2})+)(?![\d.])\s*[^\s\d.][^。]*")
_NUMBERED_HEADING = re.compile(r" ?\d）[^，。：；、]{2,30}")
_SUMMARY_HEADING = re.compile(r" ?\d\. [^\s，。：；、]{2,30}")
_BULLET_HEADING = re.compile(r" ?● ?[^，。：；]{2,30}")
_TITLE = re.compile(r" ?[^\s，。：；、●○]{2,20}")
_SENTENCE_MARK = re.compile(r"[，。；：]")
_IN_BRACKETS = re.compile(r"[(（][^()（）]+[)）]")
_TABLE_COLUMNS = 4


class Kind(StrEnum):
    """Name what a stretch of the text is."""

    BODY = "body"
    HEADING = "heading"
    RUNNING_HEAD = "running head"
    PAGE_NUMBER = "page number"
    TABLE_HEAD = "table head"
    FOOTNOTES = "footnotes"


@dataclass(frozen=True, slots=True)
class Page:
    """Locate one page.

    :param number: the page of the PDF, the first being 1.
    :param start: the position of its first character.
    :param end: the position behind its last character.
    """

    number: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Region:
    """Locate a stretch of one kind on one page in one section.

    :param start: the position of its first character.
    :param end: the position behind its last character.
    :param kind: what it is.
    :param page: the page of the PDF on which it stands.
    :param section: the number of its section, `SUMMARY` for the executive summary.
    """

    start: int
    end: int
    kind: Kind
    page: int
    section: str


@dataclass(frozen=True, slots=True)
class Note:
    """Locate a footnote at the foot of a page.

    :param number: its number.
    :param start: the position of the number's first digit.
    :param end: the position behind the footnote, without what was torn off to the next page.
    :param page: the page of the PDF at whose foot it stands.
    """

    number: int
    start: int
    end: int
    page: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Hold the parts of a text, each sequence in the order of the text.

    :param pages: the pages, of which the last may be empty.
    :param regions: stretches that together are the whole text.
    :param notes: the footnotes, in the order of their numbers.
    :param tables: the numbers of the sections that are tables.
    """

    pages: tuple[Page, ...]
    regions: tuple[Region, ...]
    notes: tuple[Note, ...]
    tables: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    raw: str
    box: int

    @property
    def words(self) -> str:
        return self.raw.strip()


def lay_out(raw: str, text: NormalisedText) -> Layout:
    """Tell the parts of a text layer apart.

    :param raw: the text layer as it was read.
    :param text: the same, normalised.
    :returns: its pages, regions, footnotes and tables.
    """
    lines = _lines(raw, text)
    pages: list[Page] = []
    regions: list[Region] = []
    notes: list[Note] = []
    tables: set[str] = set()
    walk = _Walk(tables)
    starts = [index for index in range(len(lines)) if _begins_page(lines, index)]
    if not starts or starts[0] != 0:
        starts.insert(0, 0)
    split: list[tuple[int, list[_Line], list[tuple[_Line, Kind]]]] = []
    for number, (first, last) in enumerate(zip(starts, [*starts[1:], len(lines)], strict=True), start=1):
        on_page = [line for line in lines[first:last] if line.words]
        begin = lines[first].start if first < len(lines) else 0
        pages.append(Page(number, begin, lines[last - 1].end if last > first else begin))
        foot = _foot(on_page, len(notes) + 1, number)
        notes.extend(foot.notes)
        split.append((number, on_page[: foot.first], foot.lines))
    upper_lines = [line for _, upper, _ in split for line in upper]
    following = dict(pairwise(upper_lines))
    for number, upper, lower in split:
        for order, line in enumerate(upper):
            kind = walk.classify(line, following.get(line), upper if order == 0 else None)
            _add(regions, Region(line.start, line.end, kind, number, walk.section))
        for line, kind in lower:
            _add(regions, Region(line.start, line.end, kind, number, walk.section))
    return Layout(tuple(pages), tuple(regions), tuple(notes), frozenset(tables))


def _lines(raw: str, text: NormalisedText) -> list[_Line]:
    lines: list[_Line] = []
    offset = 0
    box = 0
    for content in raw.split("\n"):
        if not content.strip():
            box += 1
        end = offset + len(content)
        lines.append(_Line(text.position_of(offset), text.position_of(end), content, box))
        offset = end + 1
    if lines and not lines[-1].raw:
        lines.pop()
    return lines


def _begins_page(lines: Sequence[_Line], index: int) -> bool:
    line = lines[index]
    if _PAGE_START.match(line.raw):
        return True
    if not _CHAPTER_HEAD.fullmatch(line.raw.rstrip()) or (index and lines[index - 1].words):
        return False
    return next((after.words for after in lines[index + 1 :] if after.words), None) == line.words


@dataclass(frozen=True, slots=True)
class _Foot:
    first: int
    lines: list[tuple[_Line, Kind]]
    notes: list[Note]


def _foot(lines: Sequence[_Line], expected: int, page: int) -> _Foot:
    """Part a page's foot from its lines: the footnotes, a page number, torn-off addresses."""
    boxes = _boxes(lines)
    kinds: list[tuple[_Line, Kind]] = []
    while boxes and (kind := _tail_kind(boxes[-1])) is not None:
        kinds[:0] = [(line, kind) for line in boxes.pop()]
    notes: list[Note] = []
    while len(boxes) > 1 and _note_number(boxes[-1]) == expected + len(notes):
        box = boxes.pop()
        notes.append(Note(expected + len(notes), box[0].start, box[-1].end, page))
        kinds[:0] = [(line, Kind.FOOTNOTES) for line in box]
    return _Foot(len(lines) - len(kinds), kinds, notes)


def _boxes(lines: Sequence[_Line]) -> list[list[_Line]]:
    boxes: list[list[_Line]] = []
    for line in lines:
        if boxes and boxes[-1][-1].box == line.box:
            boxes[-1].append(line)
        else:
            boxes.append([line])
    return boxes


def _tail_kind(box: Sequence[_Line]) -> Kind | None:
    if len(box) == 1 and _PAGE_NUMBER.fullmatch(box[0].raw):
        return Kind.PAGE_NUMBER
    if all(_ADDRESS.fullmatch(line.raw) for line in box):
        return Kind.FOOTNOTES
    return None


def _note_number(box: Sequence[_Line]) -> int | None:
    found = _NOTE.match(box[0].raw)
    return int(found[1]) if found else None


class _Walk:
    """Follow the heads through the text, line by line."""

    def __init__(self, tables: set[str]) -> None:
        self._tables = tables
        self._number: tuple[int, ...] = (0,)
        self._chapter_head = ""
        self._table_head: list[str] = []
        self._pending: list[str] = []
        self._head_box: int | None = None
        self._after_head = False
        self._first = True

    @property
    def section(self) -> str:
        return ".".join(map(str, self._number))

    def classify(self, line: _Line, after: _Line | None, page: Sequence[_Line] | None) -> Kind:
        """Say what a line is; `page` is given for the first line of a page."""
        first, self._first = self._first, False
        after_head, self._after_head = self._after_head, False
        if page is not None:
            self._pending = self._repeated_table_head(page)
            if kind := self._chapter(line, after):
                self._after_head = kind is Kind.HEADING
                return kind
        if self._pending:
            self._pending.pop(0)
            return Kind.TABLE_HEAD
        if line.words == self._chapter_head or self._is_section_head(line):
            self._after_head = True
            return Kind.HEADING
        if self._is_table_head(line, after_head):
            return Kind.TABLE_HEAD
        if self.section in self._tables:
            return Kind.BODY
        return Kind.HEADING if self._is_heading(line, after, first=first) else Kind.BODY

    def _chapter(self, line: _Line, after: _Line | None) -> Kind | None:
        head = _CHAPTER_HEAD.fullmatch(line.raw.rstrip())
        if not head:
            return None
        if line.words == self._chapter_head:
            return Kind.RUNNING_HEAD
        if int(head[1]) != self._number[0] + 1:
            return None
        self._number = (int(head[1]),)
        self._chapter_head = line.words
        self._table_head = []
        return Kind.RUNNING_HEAD if after is not None and after.words == line.words else Kind.HEADING

    def _is_section_head(self, line: _Line) -> bool:
        head = _SECTION_HEAD.fullmatch(line.raw.rstrip())
        if not head:
            return False
        number = tuple(map(int, head[1].split(".")))
        if number not in self._successors():
            return False
        self._number = number
        self._table_head = []
        return True

    def _successors(self) -> Iterator[tuple[int, ...]]:
        yield (*self._number, 1)
        for depth in range(len(self._number), 1, -1):
            yield (*self._number[: depth - 1], self._number[depth - 1] + 1)

    def _is_table_head(self, line: _Line, after_head: bool) -> bool:
        if after_head and len(line.raw.split()) >= _TABLE_COLUMNS and not _SENTENCE_MARK.search(line.raw):
            self._tables.add(self.section)
            self._table_head = [line.words]
            self._head_box = line.box
            return True
        if self._head_box is not None and (self._head_box == line.box or _IN_BRACKETS.fullmatch(line.words)):
            self._table_head.append(line.words)
            return True
        self._head_box = None
        return False

    def _repeated_table_head(self, page: Sequence[_Line]) -> list[str]:
        repeated = [line.words for line in page[: len(self._table_head)]]
        return repeated if repeated == self._table_head else []

    def _is_heading(self, line: _Line, after: _Line | None, *, first: bool) -> bool:
        raw = line.raw.rstrip()
        if _NUMBERED_HEADING.fullmatch(raw):
            return True
        if self.section == SUMMARY and (_SUMMARY_HEADING.fullmatch(raw) or (first and _TITLE.fullmatch(raw))):
            return True
        return bool(_BULLET_HEADING.fullmatch(raw)) and after is not None and after.words.startswith("○")


def _add(regions: list[Region], region: Region) -> None:
    if regions:
        last = regions[-1]
        if (last.kind, last.page, last.section) == (region.kind, region.page, region.section):
            regions[-1] = Region(last.start, region.end, last.kind, last.page, last.section)
            return
    regions.append(region)
