"""Read the report that the claims were read from, where a user has it.

The project does not contain the report. A `Report` is made from a user's own copy of its text layer and knows
its digest, its pages and sections, what of it is body text, and where the footnote markers stand.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from aisi_kg.errors import InputError
from aisi_kg.text.layout import Kind, Layout, Note, Page, Region, lay_out
from aisi_kg.text.markers import Marker, find_markers
from aisi_kg.text.positions import NormalisedText, normalise

__all__ = ["ANCHOR_LENGTH", "Report", "read_report"]

ANCHOR_LENGTH = 24
"""How many characters of a passage its anchor has at most."""


@dataclass(frozen=True)
class Report:
    """Give the parts of one text layer, each worked out when it is first asked for.

    The digest needs the bytes alone, so a file that is something else altogether can still be told by it.

    :param name: what to call the file in messages.
    :param raw: its bytes.
    """

    name: str
    raw: bytes

    @cached_property
    def sha256(self) -> str:
        """Give the SHA-256 of the bytes, in hexadecimal."""
        return hashlib.sha256(self.raw).hexdigest()

    @cached_property
    def raw_text(self) -> str:
        """Give the text as it was read.

        :raises InputError: if the bytes are not UTF-8.
        """
        try:
            return self.raw.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(
                f"{self.name} is not UTF-8 (byte {error.start}); give the report's text layer, not its PDF."
            ) from error

    @cached_property
    def text(self) -> NormalisedText:
        """Give the normalised text, into which all positions count."""
        return normalise(self.raw_text)

    @cached_property
    def layout(self) -> Layout:
        """Give the parts of the text."""
        return lay_out(self.raw_text, self.text)

    @property
    def pages(self) -> tuple[Page, ...]:
        """Give the pages, in order. A page without text behind the last one leaves no trace in the layer."""
        return self.layout.pages

    @property
    def regions(self) -> tuple[Region, ...]:
        """Give the stretches of one kind, page and section that together are the whole text."""
        return self.layout.regions

    @cached_property
    def body(self) -> tuple[Region, ...]:
        """Give the stretches that are body text."""
        return tuple(region for region in self.regions if region.kind is Kind.BODY)

    @property
    def notes(self) -> tuple[Note, ...]:
        """Give the footnotes, in the order of their numbers."""
        return self.layout.notes

    @property
    def tables(self) -> frozenset[str]:
        """Give the numbers of the sections that are tables."""
        return self.layout.tables

    @cached_property
    def markers(self) -> tuple[Marker, ...]:
        """Give the footnote markers, in the order of their numbers.

        :raises InputError: if their places cannot be told.
        """
        return find_markers(self.raw_text, self.text, self.layout)

    @cached_property
    def sections(self) -> tuple[str, ...]:
        """Give the numbers of the sections, in the order of the text."""
        return tuple(dict.fromkeys(region.section for region in self.regions))

    @cached_property
    def _starts(self) -> list[int]:
        return [region.start for region in self.regions]

    def region_of(self, position: int) -> Region:
        """Give the stretch in which a character stands.

        :param position: an offset into the normalised text.
        :returns: the region that contains it.
        :raises IndexError: if the position is outside the text.
        """
        if not 0 <= position < len(self.text):
            raise IndexError(f"position {position} is outside the text of {len(self.text)} characters")
        return self.regions[bisect_right(self._starts, position) - 1]

    def page_of(self, position: int) -> int:
        """Give the page of the PDF on which a character stands.

        :param position: an offset into the normalised text.
        :returns: the page, the first being 1.
        :raises IndexError: if the position is outside the text.
        """
        return self.region_of(position).page

    def section_of(self, position: int) -> str:
        """Give the section in which a character stands.

        :param position: an offset into the normalised text.
        :returns: the section's number, `0` for the executive summary.
        :raises IndexError: if the position is outside the text.
        """
        return self.region_of(position).section

    def anchor_of(self, start: int, end: int) -> str:
        """Give the anchor of a passage: its first characters.

        :param start: the position of the passage's first character.
        :param end: the position behind its last character.
        :returns: at most `ANCHOR_LENGTH` characters.
        """
        return self.text.text[start : min(end, start + ANCHOR_LENGTH)]

    def markers_at(self, start: int, end: int) -> tuple[Marker, ...]:
        """Give the footnote markers that stand inside a passage or directly behind it.

        :param start: the position of the passage's first character.
        :param end: the position behind its last character.
        :returns: the markers, in order.
        """
        return tuple(marker for marker in self.markers if start <= marker.start <= end)


def read_report(path: Path) -> Report:
    """Read a copy of the report's text layer.

    :param path: the text file.
    :returns: the report.
    :raises InputError: if the file cannot be read.
    """
    try:
        return Report(str(path), path.read_bytes())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"{path} cannot be read ({reason}); give the report's text layer.") from error
