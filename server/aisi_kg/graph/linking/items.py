"""What an item of Wikidata says, whoever tells it."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

__all__ = [
    "ITEM_BASE",
    "LANGUAGES",
    "Item",
    "ItemSource",
    "grouped",
    "is_item",
    "language_of",
    "printable",
    "year_of",
]

ITEM_BASE = "http://www.wikidata.org/entity/"
#: The languages that are read, in the order in which an item is called something.
LANGUAGES = ("en", "mul", "zh")
_ITEM = re.compile(r"Q[1-9][0-9]{0,17}")
#: Longer ones are no names.
_LONGEST = 250
_TIME = re.compile(r"\+?(-?[0-9]{4,})-([0-9]{2})-([0-9]{2})T.*")


@dataclass(frozen=True)
class Item:
    """Hold what is known of an item.

    :param id: the id that was asked for.
    :param exists: there is such an item.
    :param redirect: the id of the item that it was merged into; empty where it was not.
    :param labels: its labels by language: ``en``, ``zh`` and ``mul``, each with its variants' ones.
    :param aliases: its aliases likewise.
    :param types: ids of the classes that it says it is of.
    :param classes: those of the classes asked about that it is of, themselves or by a class below them.
    :param values: for each property asked about ids of items, or dates as Wikidata writes them.
    """

    id: str
    exists: bool = True
    redirect: str = ""
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    types: tuple[str, ...] = ()
    classes: frozenset[str] = frozenset()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def label(self, language: str = "en") -> str:
        """Give what the item is called.

        :param language: the language that is preferred.
        :returns: its label in the language, else the one for all languages, else any; empty if it has none.
        """
        for each in (language, "mul", *self.labels):
            for label in self.labels.get(each, ()):
                return label
        return ""

    def names(self, language: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Give its names in a language, those for all languages among them.

        :param language: ``en`` or ``zh``.
        :returns: labels and aliases.
        """
        # A label that many languages share is kept once, as "mul", and no longer in each of them.
        return (
            (*self.labels.get(language, ()), *self.labels.get("mul", ())),
            (*self.aliases.get(language, ()), *self.aliases.get("mul", ())),
        )


class ItemSource(Protocol):
    """Read items."""

    @property
    def address(self) -> str:
        """Tell where items are read."""

    def evidence(self, item: str) -> str:
        """Give the address that stands as evidence for what an item says.

        :param item: its id.
        :returns: the address.
        """

    def read(self, items: Collection[str]) -> dict[str, Item]:
        """Read items.

        :param items: their ids.
        :returns: each of them by its id.
        :raises RemoteFailed: if they cannot be read.
        """

    def names(self, items: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Read what items are called, in English, Chinese and for all languages.

        :param items: their ids.
        :returns: their labels; those without one are left out.
        :raises RemoteFailed: if they cannot be read.
        """


def is_item(text: str) -> bool:
    """Tell whether a text is the id of an item.

    :param text: the text.
    :returns: whether it is such as ``Q1``.
    """
    return _ITEM.fullmatch(text) is not None


def language_of(tag: str) -> str:
    """Tell which of the languages that are read a language tag belongs to.

    :param tag: a tag, such as ``zh-hans``.
    :returns: ``en``, ``zh`` or ``mul``; empty for another language.
    """
    language = tag.lower().partition("-")[0]
    return language if language in LANGUAGES else ""


def printable(text: str) -> str:
    """Bring a text that a stranger wrote onto one line of a table and of a terminal.

    :param text: the text.
    :returns: the same without control characters and repeated white space, and not without end.
    """
    line = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def year_of(time: str) -> str:
    """Give the year of a date.

    :param time: a date as Wikidata writes it.
    :returns: its year; empty where it has none.
    """
    match = _TIME.fullmatch(time)
    return match[1] if match else ""


def grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Put values together by their keys, each once and in their order.

    :param pairs: keys and values.
    :returns: the values by key.
    """
    found: dict[str, dict[str, None]] = {}
    for key, value in pairs:
        found.setdefault(key, {})[value] = None
    return {key: tuple(values) for key, values in found.items()}
