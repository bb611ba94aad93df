"""Normalise the report's text and give positions in it.

A position is a code-point offset into the normalised text: every radical in U+2E80-U+2FDF becomes its
ordinary ideograph, one to one, and every character for which `str.isspace` holds is removed. Nothing else
is changed, so full-width punctuation and Latin letters stay as they are. The text layer of a PDF puts
radicals where ordinary characters belong; without the first step a search for 人工 would find nothing.
"""

from __future__ import annotations

import unicodedata
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["RADICALS", "NormalisedText", "normalise"]

# CJK Radicals Supplement, of which NFKC knows two: radical, then ideograph, by the property
# Equivalent_Unified_Ideograph of the Unicode Character Database. U+2E80 has none; U+2E9A is unassigned.
_SUPPLEMENT = """
    2E81 5382  2E82 4E5B  2E83 4E5A  2E84 4E59  2E85 4EBB  2E86 5182  2E87 20628  2E88 5200
    2E89 5202  2E8A 535C  2E8B 353E  2E8C 5C0F  2E8D 5C0F  2E8E 5140  2E8F 5C23  2E90 5C22
    2E91 21BC2  2E92 5DF3  2E93 5E7A  2E94 5F51  2E95 5F50  2E96 5FC4  2E97 5FC3  2E98 624C
    2E99 6535  2E9B 65E1  2E9C 65E5  2E9D 6708  2E9E 6B7A  2E9F 6BCD  2EA0 6C11  2EA1 6C35
    2EA2 6C3A  2EA3 706C  2EA4 722B  2EA5 722B  2EA6 4E2C  2EA7 725B  2EA8 72AD  2EA9 738B
    2EAA 24D14  2EAB 76EE  2EAC 793A  2EAD 793B  2EAE 25AD7  2EAF 7CF9  2EB0 7E9F  2EB1 7F53
    2EB2 7F52  2EB3 34C1  2EB4 5197  2EB5 2626B  2EB6 7F8A  2EB7 2634C  2EB8 2634B  2EB9 8002
    2EBA 8080  2EBB 807F  2EBC 8089  2EBD 26951  2EBE 8279  2EBF 8279  2EC0 8279  2EC1 864E
    2EC2 8864  2EC3 8980  2EC4 897F  2EC5 89C1  2EC6 89D2  2EC7 278B2  2EC8 8BA0  2EC9 8D1D
    2ECA 27FB7  2ECB 8F66  2ECC 8FB6  2ECD 8FB6  2ECE 8FB6  2ECF 9091  2ED0 9485  2ED1 9577
    2ED2 9578  2ED3 957F  2ED4 95E8  2ED5 28E0F  2ED6 961D  2ED7 96E8  2ED8 9752  2ED9 97E6
    2EDA 9875  2EDB 98CE  2EDC 98DE  2EDD 98DF  2EDE 2967F  2EDF 98E0  2EE0 9963  2EE1 29810
    2EE2 9A6C  2EE3 9AA8  2EE4 9B3C  2EE5 9C7C  2EE6 9E1F  2EE7 5364  2EE8 9EA6  2EE9 9EC4
    2EEA 9EFE  2EEB 6589  2EEC 9F50  2EED 6B6F  2EEE 9F7F  2EEF 7ADC  2EF0 9F99  2EF1 9F9C
    2EF2 4E80  2EF3 9F9F
"""

_KANGXI = range(0x2F00, 0x2FD6)

# NFKC gives the traditional 戶 here; simplified text means 户.
_HOUSEHOLD = (0x2F3E, 0x6237)


def _radicals() -> Iterator[tuple[int, int]]:
    numbers = [int(number, 16) for number in _SUPPLEMENT.split()]
    yield from zip(numbers[::2], numbers[1::2], strict=True)
    for radical in _KANGXI:
        yield radical, ord(unicodedata.normalize("NFKC", chr(radical)))
    yield _HOUSEHOLD


RADICALS: Mapping[int, int] = MappingProxyType(dict(_radicals()))
"""Each radical's code point with the code point of its ordinary ideograph, as `str.translate` takes it."""


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """Hold a normalised text with the way back to the raw text it came from.

    :param text: the normalised string, into which all positions count.
    :param raw_length: the length of the raw text in code points.
    """

    text: str
    raw_length: int
    _offsets: array[int]
    _line_starts: array[int]

    def __len__(self) -> int:
        return len(self.text)

    def raw_offset(self, position: int) -> int:
        """Give the offset in the raw text of the character at a position.

        :param position: an offset into `text`, or its length, for which the raw text's length is given.
        :returns: a code-point offset into the raw text.
        :raises IndexError: if the position is negative or beyond the end.
        """
        if position == len(self._offsets):
            return self.raw_length
        if not 0 <= position < len(self._offsets):
            raise IndexError(f"position {position} is outside the text of {len(self.text)} characters")
        return self._offsets[position]

    def position_of(self, raw_offset: int) -> int:
        """Give the position of the first character that stands at or behind an offset in the raw text.

        :param raw_offset: a code-point offset into the raw text.
        :returns: an offset into `text`; its length where only white space follows.
        """
        return bisect_left(self._offsets, raw_offset)

    def line_of(self, position: int) -> int:
        """Give the number of the raw text's line on which the character at a position stands.

        :param position: an offset into `text`, or its length.
        :returns: a line number, the first line being 1.
        :raises IndexError: if the position is negative or beyond the end.
        """
        return bisect_right(self._line_starts, self.raw_offset(position))


def normalise(text: str) -> NormalisedText:
    """Normalise a text and keep the way back to it.

    :param text: the raw text.
    :returns: the normalised text, with the raw offset and line of each of its characters.
    """
    kept = array("q", (offset for offset, character in enumerate(text) if not character.isspace()))
    line_starts = array("q", [0])
    line_starts.extend(offset + 1 for offset, character in enumerate(text) if character == "\n")
    characters = "".join(character for character in text if not character.isspace())
    return NormalisedText(characters.translate(RADICALS), len(text), kept, line_starts)
