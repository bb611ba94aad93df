"""How well an item fits an entity, part by part, so that whoever decides sees why.

What the entity has nothing for is no part. What the item does not state counts half: it speaks neither for it
nor against it. An item of another kind of thing has a quarter of its score, since no name makes it the same.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from aisi_kg.graph.linking.items import Item, year_of
from aisi_kg.graph.linking.kinds import COUNTRY, INCEPTION, PARENTS, POSITION
from aisi_kg.graph.linking.subjects import Subject, Thing

__all__ = ["PARTS", "Part", "Score", "score_item", "similarity"]

#: The parts in the order of the table, with their weights.
PARTS: Mapping[str, int] = {
    "English name": 40,
    "Chinese name": 25,
    "type": 20,
    "country": 10,
    "parent": 10,
    "inception": 10,
    "position": 10,
}
_LANGUAGES = {"English name": "en", "Chinese name": "zh"}
#: An alias is a weaker name: several things are known by it.
_ALIAS = 0.9
_UNKNOWN = 0.5
_ANOTHER_KIND = 0.25
#: Less alike than this says that two names are different ones.
_DIFFERENT = 0.5
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Part:
    """Hold one part of a score.

    :param name: one of ``PARTS``.
    :param value: from 0 (does not fit) to 1 (fits); None where the item does not state it.
    :param found: what the item has.
    """

    name: str
    value: float | None
    found: str = ""


@dataclass(frozen=True)
class Score:
    """Hold how well an item fits an entity.

    :param value: from 0 to 100.
    :param parts: its parts, in the order of ``PARTS``.
    :param against: why the item is another kind of thing; empty where it is not.
    """

    value: float
    parts: tuple[Part, ...]
    against: str = ""

    def part(self, name: str) -> Part | None:
        """Give a part.

        :param name: its name.
        :returns: the part; None where the entity has nothing for it.
        """
        return next((part for part in self.parts if part.name == name), None)

    @property
    def is_confirmed(self) -> bool:
        """Tell whether a name is the same, something else than names fits, and nothing speaks against it."""
        same = any(part.value == 1 for part in self.parts if part.name in _LANGUAGES)
        others = [part.value for part in self.parts if part.name not in _LANGUAGES]
        return same and 1 in others and 0 not in others


def score_item(subject: Subject, item: Item, names: Mapping[str, Sequence[str]]) -> Score:
    """Score an item.

    :param subject: the entity.
    :param item: the item.
    :param names: what other items are called, those of the item's values among them.
    :returns: the score.
    """
    fit = subject.kind.fit(item.classes, bool(item.types))
    types = ", ".join(next(iter(names.get(each, ())), each) for each in item.types)
    parts = [*_named(subject, item)]
    if subject.kind.wanted or fit.value is False:
        parts.append(Part("type", None if fit.value is None else float(fit.value), types))
    parts += _related(subject, item, names)
    parts.sort(key=lambda part: list(PARTS).index(part.name))
    whole = sum(PARTS[part.name] for part in parts)
    won = sum(PARTS[part.name] * (_UNKNOWN if part.value is None else part.value) for part in parts)
    value = 100 * won / whole if whole else 0.0
    return Score(value * (_ANOTHER_KIND if fit.reason else 1), tuple(parts), fit.reason)


def _named(subject: Subject, item: Item) -> Iterable[Part]:
    for part, language in _LANGUAGES.items():
        own = subject.names.get(language, ())
        if not own:
            continue
        labels, aliases = item.names(language)
        best = max(
            [(_best(own, label), label) for label in labels]
            + [(_ALIAS * _best(own, alias), alias) for alias in aliases],
            default=None,
        )
        if best is None:
            yield Part(part, None)
        else:
            yield Part(part, round(best[0], 2), best[1])


def _best(own: Iterable[str], other: str) -> float:
    return max((similarity(name, other) for name in own), default=0.0)


def similarity(one: str, other: str) -> float:
    """Tell how alike two names are.

    :param one: a name.
    :param other: another.
    :returns: 1 where they differ in case, width and punctuation alone; 0 where less than half is alike.
    """
    first, second = _words(one), _words(other)
    if first == second:
        return 1.0
    # In whatever order the words stand: "Ministry of X (Y)" and "Y Ministry of X".
    ratio = max(
        SequenceMatcher(None, " ".join(a), " ".join(b), autojunk=False).ratio()
        for a, b in ((first, second), (sorted(first), sorted(second)))
    )
    return min(ratio, 0.99) if ratio >= _DIFFERENT else 0.0


def _words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _related(subject: Subject, item: Item, names: Mapping[str, Sequence[str]]) -> Iterable[Part]:
    if subject.countries:
        yield _things("country", subject.countries, item.values.get(COUNTRY, ()), names)
    if subject.parents:
        values = [value for each in PARENTS for value in item.values.get(each, ())]
        yield _things("parent", subject.parents, values, names)
    if subject.years:
        years = [year for time in item.values.get(INCEPTION, ()) if (year := year_of(time))]
        value = float(bool(subject.years & set(years))) if years else None
        yield Part("inception", value, ", ".join(years))
    if subject.positions:
        yield _position(subject, item.values.get(POSITION, ()), names)


def _things(
    part: str, own: Iterable[Thing], values: Iterable[str], names: Mapping[str, Sequence[str]]
) -> Part:
    values = list(values)
    found = ", ".join(next(iter(names.get(value, ())), value) for value in values)
    if not values:
        return Part(part, None)
    called = {" ".join(_words(name)) for value in values for name in names.get(value, ())}
    for thing in own:
        is_same = thing.item in values
        # What is not mapped is compared by its names.
        is_called = not thing.item and any(" ".join(_words(name)) in called for name in thing.names)
        if is_same or is_called:
            return Part(part, 1.0, found)
    return Part(part, 0.0, found)


def _position(subject: Subject, values: Iterable[str], names: Mapping[str, Sequence[str]]) -> Part:
    held = [name for value in values for name in names.get(value, ())]
    if not held:
        return Part("position", None)
    own = [
        text
        for role, body in subject.positions
        for name in role.names
        for text in (name, *(f"{name} {of}" for of in body.names), *(f"{of}{name}" for of in body.names))
    ]
    value, best = max((_best(own, name), name) for name in held)
    return Part("position", round(value, 2), best)
