"""Read what is searched for, and find the documents that have its tokens, at a bounded cost."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from aisi_kg.store.search.documents import Document
from aisi_kg.store.search.folding import fold, is_ideographic, runs
from aisi_kg.store.search.index import Index

__all__ = ["LONGEST", "Asked", "Found", "read", "retrieve"]

#: Of a longer text, only so many characters are looked at.
LONGEST = 300
#: Of more tokens, only the rarest are looked for.
_MOST_TOKENS = 32
#: So many words that nothing has are taken for mistyped; to find what each may be takes milliseconds.
_MOST_MISTYPED = 8
#: So many fields are looked at in one search; what is commoner than that is left to the comparison of texts.
_MOST_VISITED = 60_000
_JOINED = 0.9


@dataclass(frozen=True)
class Asked:
    """Hold what is searched for.

    :param folded: the folded text.
    :param tokens: its tokens, each with those of the index that it may stand for and how well they fit.
    :param weights: how much each token tells.
    """

    folded: str
    tokens: Mapping[str, Mapping[str, float]]
    weights: Mapping[str, float]

    @property
    def weight(self) -> float:
        """Give the weight of all tokens together.

        :returns: the sum; 0 where there are none.
        """
        return sum(self.weights.values())


@dataclass
class Found:
    """Say how a document was found.

    :param fields: its fields that have tokens, with the weight of those tokens.
    :param tokens: the tokens that one of its fields has, as bits.
    """

    fields: dict[int, float]
    tokens: int = 0


def read(index: Index, text: str, *, is_typed: bool = True) -> Asked:
    """Read what is searched for.

    :param index: the index.
    :param text: the text, as a user types or pastes it.
    :param is_typed: whether the last word may still lack its end.
    :returns: its tokens.
    """
    folded = fold(text[:LONGEST])
    parts = runs(folded)
    last = parts[-1] if parts and is_typed and not text[-1:].isspace() else ""
    found: dict[str, dict[str, float]] = {}
    unknown = 0
    for part in parts:
        if is_ideographic(part):
            if len(part) == 1:
                found[part] = index.expand(part, is_prefix=True)
            for place in range(len(part) - 1):
                found[part[place : place + 2]] = index.expand(part[place : place + 2], is_prefix=False)
        elif part not in found:
            unknown += not index.fields_of(part)
            found[part] = index.expand(part, is_prefix=part == last, is_exact=unknown > _MOST_MISTYPED)
    for one, other in pairwise(parts):
        # "Deep Mind" for "DeepMind".
        if one in found and other in found and index.fields_of(one + other):
            found[one].setdefault(one + other, _JOINED)
            found[other].setdefault(one + other, _JOINED)
    weights = {token: _weight(index, token, words) for token, words in found.items()}
    if len(found) > _MOST_TOKENS:
        rarest = sorted(found, key=lambda token: -weights[token])[:_MOST_TOKENS]
        found = {token: words for token, words in found.items() if token in rarest}
        weights = {token: weights[token] for token in found}
    return Asked(folded, found, weights)


def _weight(index: Index, token: str, words: Mapping[str, float]) -> float:
    # A word that nothing has says less than a rare one: it may be of no matter, or badly mistyped.
    return min((index.weight(word) for word in words), default=index.weight(token) / 2)


def retrieve(index: Index, asked: Asked, wanted: Callable[[Document], bool]) -> tuple[dict[int, Found], int]:
    """Find the documents that have tokens of what is searched for.

    :param index: the index.
    :param asked: what is searched for.
    :param wanted: tells which documents count.
    :returns: documents by number, and the tokens that were looked for, as bits.
    """
    bits, visited = 0, 0
    weights: dict[int, float] = {}
    marks: dict[int, int] = {}
    rarest_first = sorted(asked.tokens, key=lambda token: -asked.weights[token])
    for place, token in enumerate(rarest_first):
        words = asked.tokens[token]
        cost = sum(len(index.fields_of(word)) for word in words)
        if visited and visited + cost > _MOST_VISITED:
            continue
        visited += cost
        bit = 1 << place
        bits |= bit
        weight = asked.weights[token]
        # The best first: of several words that a token may stand for, a field counts for one.
        for word in sorted(words, key=lambda word: -words[word]):
            part = weight * words[word]
            for field in index.fields_of(word):
                mark = marks.get(field, 0)
                if not mark & bit:
                    marks[field] = mark | bit
                    weights[field] = weights.get(field, 0.0) + part
    found: dict[int, Found] = {}
    is_wanted: dict[int, bool] = {}
    for field, part in weights.items():
        number = index.owner[field]
        if number not in is_wanted:
            is_wanted[number] = wanted(index.documents[number])
        if is_wanted[number]:
            entry = found.setdefault(number, Found({}))
            entry.fields[field] = part
            entry.tokens |= marks[field]
    return found, bits
