"""Rank what a search finds, and say where in it the words stand."""

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from heapq import nlargest

from aisi_kg.store.search.documents import Document, Field, Kind, Role
from aisi_kg.store.search.folding import fold_with_offsets, is_ideographic
from aisi_kg.store.search.index import Index
from aisi_kg.store.search.retrieval import Asked, Found, read, retrieve

__all__ = ["Group", "Hit", "Results", "Snippet", "search"]

# The end of an IRI says little of what a thing is called, unless it is the whole of what is asked for.
_ROLES = {Role.LABEL: 1.0, Role.ALTERNATIVE: 0.97, Role.IDENTIFIER: 0.6, Role.TEXT: 0.6}
_WHOLE_IDENTIFIER = 0.95
# A sentence is no name: what is called so comes before what begins with the same word.
_STATEMENT = 0.85
#: Of those that have the tokens, so many of a kind are compared closely; the others follow as they are.
_MOST_COMPARED = 200
#: Where nothing has all tokens, what has this part of their weight is given.
_LEAST_PART = 0.5
_FOR_MENTIONS = 0.05
# A text in the reader's language is shown before one that fits as well.
_FOR_LANGUAGE = 0.05
_SNIPPET = 160
_BEFORE = 40


@dataclass(frozen=True)
class Snippet:
    """Show where a text has what was searched for.

    :param text: the text, or a part of it.
    :param ranges: half-open ranges of code points in it.
    :param language: the language of the text; empty where it has none.
    :param role: what the text is to what was found.
    """

    text: str
    ranges: tuple[tuple[int, int], ...]
    language: str
    role: Role


@dataclass(frozen=True)
class Hit:
    """Hold something that was found.

    :param document: what was found.
    :param label: its name in the language asked for.
    :param note: what tells it from its namesakes; may be empty.
    :param score: how well it fits, from 0 to 1.
    :param snippet: where the words stand.
    """

    document: Document
    label: str
    note: str
    score: float
    snippet: Snippet


@dataclass(frozen=True)
class Group:
    """Hold what was found of one kind.

    :param kind: the kind.
    :param total: how many there are.
    :param hits: the best of them, the best first.
    """

    kind: Kind
    total: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class Results:
    """Hold what a search found.

    :param groups: what was found, by kind; the kind with the best hit first, and none without hits.
    :param is_whole: whether what was found has all that was searched for; else it has at least half of it.
    """

    groups: tuple[Group, ...]
    is_whole: bool

    @property
    def total(self) -> int:
        """Give the number of all that was found.

        :returns: the sum of the groups' totals.
        """
        return sum(group.total for group in self.groups)


def search(
    index: Index,
    text: str,
    language: str,
    kinds: Collection[Kind] = (),
    limit: int = 10,
    classes: Collection[str] = (),
    offset: int = 0,
) -> Results:
    """Search.

    :param index: what can be found.
    :param text: what is searched for, as a user types or pastes it; the last word may lack its end.
    :param language: the language of labels, ``en`` or ``zh``. What is found does not depend on it.
    :param kinds: the kinds that count; all where none is given.
    :param limit: how many hits of each kind are given at most.
    :param classes: IRIs of classes, of which what is found has at least one; any where none is given.
    :param offset: how many hits of each kind are passed over.
    :returns: what was found, grouped by kind.
    """

    def wanted(document: Document) -> bool:
        return (not kinds or document.kind in kinds) and (
            not classes or any(each in document.classes for each in classes)
        )

    asked = read(index, text)
    found, bits = retrieve(index, asked, wanted)
    whole = {number: entry for number, entry in found.items() if entry.tokens == bits}
    if not whole:
        least = _LEAST_PART * asked.weight
        found = {number: entry for number, entry in found.items() if max(entry.fields.values()) >= least}
    by_kind: dict[Kind, dict[int, Found]] = {}
    for number, entry in (whole or found).items():
        by_kind.setdefault(index.documents[number].kind, {})[number] = entry
    ranked = [(kind, _ranked(index, asked, part, offset + limit)) for kind, part in by_kind.items()]
    order = list(Kind)
    ranked.sort(key=lambda each: (-each[1][0][0], order.index(each[0])))
    groups = []
    for kind, best in ranked:
        hits = tuple(_hit(index, asked, *each, language) for each in best[offset : offset + limit])
        groups.append(Group(kind, len(by_kind[kind]), hits))
    return Results(tuple(groups), bool(whole) or not found)


def _ranked(
    index: Index, asked: Asked, found: Mapping[int, Found], most: int
) -> list[tuple[float, int, Found]]:
    """Give the best documents of a kind, each with its score."""

    def coarse(number: int) -> tuple[float, float]:
        fields = found[number].fields
        best = max(part * _ROLES[_field(index, field).role] for field, part in fields.items())
        # Of the same tokens, the shorter texts are closer to what was asked.
        return best, -min(len(index.folded[field]) for field in fields)

    kept = nlargest(max(_MOST_COMPARED, most), found, key=coarse) if len(found) > _MOST_COMPARED else found
    scored = []
    for number in kept:
        score = max(_score(index, asked, field, part) for field, part in found[number].fields.items())
        mentions = index.documents[number].mentions
        score += _FOR_MENTIONS * math.log1p(mentions) / math.log1p(index.most_mentioned)
        scored.append((score / (1 + _FOR_MENTIONS), number, found[number]))
    scored.sort(key=lambda each: (-each[0], index.documents[each[1]].iri))
    return scored


def _field(index: Index, number: int) -> Field:
    return index.documents[index.owner[number]].fields[index.place[number]]


def _score(index: Index, asked: Asked, number: int, part: float) -> float:
    """Say how well a field fits: the same text, its beginning, a phrase of it, or some of its words."""
    folded, wanted = index.folded[number], asked.folded
    share = len(wanted) / max(len(folded), len(wanted), 1)
    if folded == wanted:
        fit = 1.0
    elif folded.replace(" ", "") == wanted.replace(" ", ""):
        fit = 0.98
    elif folded.startswith(wanted):
        fit = 0.8 + 0.15 * share
    elif f" {wanted} " in f" {folded} ":
        fit = 0.7 + 0.15 * share
    elif _begins_a_word(folded, wanted):
        fit = 0.65 + 0.15 * share
    elif wanted in folded:
        fit = 0.5 + 0.15 * share
    else:
        fit = (part / asked.weight if asked.weight else 0.0) * (0.45 + 0.2 * min(share, 1 / share))
    role = _field(index, number).role
    if index.documents[index.owner[number]].kind is Kind.CLAIM:
        fit *= _STATEMENT
    return fit * (_WHOLE_IDENTIFIER if role is Role.IDENTIFIER and fit == 1.0 else _ROLES[role])


def _begins_a_word(folded: str, wanted: str) -> bool:
    return wanted in folded if is_ideographic(wanted) else f" {wanted}" in f" {folded}"


def _hit(index: Index, asked: Asked, score: float, number: int, found: Found, language: str) -> Hit:
    document = index.documents[number]

    def shown(field: int) -> tuple[float, int]:
        is_own = _field(index, field).language == language
        return _score(index, asked, field, found.fields[field]) + _FOR_LANGUAGE * is_own, -field

    return Hit(
        document,
        document.label(language),
        document.note.in_language(language),
        round(score, 4),
        _snippet(asked, _field(index, max(found.fields, key=shown))),
    )


def _snippet(asked: Asked, field: Field) -> Snippet:
    text = field.text
    folded = fold_with_offsets(text)
    offsets = [*folded.offsets, len(text)]

    def back(start: int, end: int) -> tuple[int, int]:
        return offsets[start], offsets[end - 1] + 1

    spans = list(_places(folded.text, [asked.folded])) or list(
        _places(folded.text, [word for words in asked.tokens.values() for word in words])
    )
    ranges = _merged(back(*span) for span in spans if span[0] < span[1])
    start = max(0, ranges[0][0] - _BEFORE) if ranges and len(text) > _SNIPPET else 0
    end = min(len(text), start + _SNIPPET)
    shown = tuple((low - start, min(high, end) - start) for low, high in ranges if low < end)
    return Snippet(text[start:end], shown, field.language, field.role)


def _places(folded: str, wanted: Collection[str]) -> Iterator[tuple[int, int]]:
    for each in wanted:
        place = folded.find(each) if each else -1
        while place >= 0:
            if is_ideographic(each) or _at_word(folded, place):
                yield place, place + len(each)
            place = folded.find(each, place + 1)


def _at_word(folded: str, place: int) -> bool:
    return place == 0 or folded[place - 1] == " " or is_ideographic(folded[place - 1])


def _merged(ranges: "Iterator[tuple[int, int]]") -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(set(ranges)):
        if merged and low <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(high, merged[-1][1])
        else:
            merged.append((low, high))
    return merged
