"""Estimate how much room texts take, without a font at hand, and break them into lines."""

import re
import unicodedata

__all__ = ["BOLD", "text_width", "wrapped"]

#: How much wider a text is in bold.
BOLD = 1.13

#: Widths in ems, a little more than those of common sans-serif fonts, so that texts are told apart.
_NARROW = frozenset("iljtfrI.,;:'|!()[] -")
_WIDE = frozenset("mwMW@%")
# A line ends at a space, or before or after an ideograph.
_PIECES = re.compile(r"[^\s\u2e80-\uffef]+\s*|[\u2e80-\uffef]\s*")


def text_width(text: str, size: float) -> float:
    """Estimate how wide a text is.

    :param text: the text, a line.
    :param size: the size of its font.
    :returns: its width in the unit of the size.
    """
    return size * sum(map(_ems, text))


def _ems(char: str) -> float:
    if unicodedata.east_asian_width(char) in "WF":
        return 1.0
    if char in _NARROW:
        return 0.34
    if char in _WIDE:
        return 0.9
    return 0.7 if char.isupper() else 0.57


def wrapped(text: str, width: float, size: float, most: int = 2) -> list[str]:
    """Break a text into lines.

    :param text: the text.
    :param width: how wide a line may be; a longer word stands alone on its line.
    :param size: the size of the font.
    :param most: how many lines there may be; the last ends in an ellipsis where more would be needed.
    :returns: the lines.
    """
    lines: list[str] = []
    line = ""
    for piece in _PIECES.findall(text):
        if line and text_width((line + piece).rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    lines.append(line.rstrip())
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1] + "…"]
    return lines
