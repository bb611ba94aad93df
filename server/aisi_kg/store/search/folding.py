"""Fold texts so that what people take for the same compares as equal, and cut them into tokens.

Folding makes ordinary ideographs of radicals (see :mod:`aisi_kg.text.positions`), then applies NFKC, which
makes half-width letters of full-width ones, folds case and drops diacritics. Dots within an abbreviation go
("U.S." is "us"), whatever else is neither letter nor digit becomes one space.

A token is a word, or two ideographs that follow one another: Chinese does not mark where a word ends, and
most of its words have two. The last ideograph of a run is a token by itself, so that each is the beginning of
one.
"""

import re
import unicodedata
from array import array
from collections.abc import Sequence
from typing import NamedTuple

from aisi_kg.text.positions import RADICALS

__all__ = ["Folded", "fold", "fold_with_offsets", "is_ideographic", "runs", "tokens"]

# Ideographs, kana, and the letters that a Korean syllable is folded to: scripts that need no spaces.
_IDEOGRAPHIC = "\u1100-\u11ff\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_IDEOGRAPHIC}]+|[^ {_IDEOGRAPHIC}]+")
_IS_IDEOGRAPHIC = re.compile(f"[{_IDEOGRAPHIC}]")
_ABBREVIATION = re.compile(r"(?<![^\W\d_])(?:[^\W\d_]\.){2,}")
_OTHER = re.compile(r"[\W_]+")


class Folded(NamedTuple):
    """Hold a folded text with the way back.

    :param text: the folded text.
    :param offsets: for each of its characters, the offset of the one that it came from.
    """

    text: str
    offsets: Sequence[int]


# Texts that people write have fewer characters than that; there are a million code points.
_REMEMBERED = 32_768


class _Table(dict[int, str]):
    """Map code points to what they are folded to, as ``str.translate`` asks for them."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKC", chr(RADICALS.get(code, code))).casefold()
        parts = unicodedata.normalize("NFD", plain)
        folded = "".join(char for char in parts if not unicodedata.category(char).startswith("M"))
        if len(self) < _REMEMBERED:
            self[code] = folded
        return folded


_TABLE = _Table()


def fold(text: str) -> str:
    """Fold a text.

    :param text: the text.
    :returns: letters and digits, with one space between words and none at the ends.
    """
    folded = text.translate(_TABLE)
    if "." in folded:
        folded = _ABBREVIATION.sub(lambda match: match[0].replace(".", ""), folded)
    return _OTHER.sub(" ", folded).strip()


def fold_with_offsets(text: str) -> Folded:
    """Fold a text and keep the way back to it.

    :param text: the text.
    :returns: what :func:`fold` gives, with the offset of each of its characters.
    """
    characters, offsets = [], array("I")
    for offset, character in enumerate(text):
        folded = character.translate(_TABLE)
        characters.append(folded)
        offsets.extend([offset] * len(folded))
    whole = "".join(characters)
    dropped = {
        place
        for match in _ABBREVIATION.finditer(whole)
        for place in range(match.start(), match.end())
        if whole[place] == "."
    }
    kept: list[str] = []
    places = array("I")
    for place, character in enumerate(whole):
        if place in dropped:
            continue
        is_other = _OTHER.fullmatch(character) is not None
        if is_other and (not kept or kept[-1] == " "):
            continue
        kept.append(" " if is_other else character)
        places.append(offsets[place])
    if kept and kept[-1] == " ":
        kept.pop()
        places.pop()
    return Folded("".join(kept), places)


def is_ideographic(text: str) -> bool:
    """Tell whether a text begins with a character of a script that has no spaces.

    :param text: a folded text.
    :returns: True if it does.
    """
    return _IS_IDEOGRAPHIC.match(text) is not None


def runs(folded: str) -> list[str]:
    """Cut a folded text where the script changes and at spaces.

    :param folded: the text.
    :returns: its words and runs of ideographs, in order.
    """
    return _RUN.findall(folded)


def tokens(folded: str) -> list[str]:
    """Cut a folded text into tokens.

    :param folded: the text.
    :returns: its tokens in order.
    """
    found: list[str] = []
    for run in _RUN.findall(folded):
        if _IS_IDEOGRAPHIC.match(run):
            found += [run[place : place + 2] for place in range(len(run))]
        else:
            found.append(run)
    return found
