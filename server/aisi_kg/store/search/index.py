"""Hold what can be searched for so that a search looks only at what has one of its words.

The index is a plain inverted one: for each token, the fields that have it. A word that no field has is looked
for among those that differ by a typing error; they are found by the pairs of letters that they share with it.
"""

import math
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from aisi_kg.store.search.documents import Document, Role
from aisi_kg.store.search.folding import fold, is_ideographic, tokens

__all__ = ["Index", "distance"]

#: Words shorter than this are too short to tell a typing error from another word.
_SHORTEST_FUZZY = 4
#: From this length on, a word may have two typing errors.
_TWO_ERRORS = 8
#: A name of so many characters at most is found without its spaces too ("ukaisi").
_LONGEST_JOINED = 24
_MOST_EXPANDED = 64


class Index:
    """Find documents by the tokens of their fields.

    :param documents: what can be found.
    """

    def __init__(self, documents: Iterable[Document] = ()) -> None:
        self.documents: Sequence[Document] = list(documents)
        #: The folded text of each field, fields being counted through all documents.
        self.folded: list[str] = []
        #: For each field, the number of its document, and its own number there.
        self.owner = array("I")
        self.place = array("I")
        self._fields_of: dict[str, array[int]] = {}
        self._by_iri: dict[str, int] = {}
        self._weights: dict[str, float] = {}
        self.most_mentioned = 1
        for number, document in enumerate(self.documents):
            self._by_iri[document.iri] = number
            self.most_mentioned = max(self.most_mentioned, document.mentions)
            for place, field in enumerate(document.fields):
                self._add(number, place, field.role, fold(field.text))
        self._vocabulary = sorted(self._fields_of)
        self._by_pair: dict[str, array[int]] = {}
        for number, word in enumerate(self._vocabulary):
            if not is_ideographic(word):
                for pair in _pairs(word):
                    self._by_pair.setdefault(pair, array("I")).append(number)

    def _add(self, document: int, place: int, role: Role, folded: str) -> None:
        number = len(self.folded)
        self.folded.append(folded)
        self.owner.append(document)
        self.place.append(place)
        found = set(tokens(folded))
        if role is not Role.TEXT and " " in folded and len(folded) <= _LONGEST_JOINED:
            found.add(folded.replace(" ", ""))
        for token in found:
            self._fields_of.setdefault(token, array("I")).append(number)

    def __len__(self) -> int:
        return len(self.documents)

    def find(self, iri: str) -> Document | None:
        """Give the document of a resource.

        :param iri: its IRI.
        :returns: the document; None where there is none.
        """
        number = self._by_iri.get(iri)
        return None if number is None else self.documents[number]

    def fields_of(self, token: str) -> Sequence[int]:
        """List the fields that have a token.

        :param token: the token.
        :returns: the numbers of the fields, in order.
        """
        return self._fields_of.get(token, ())

    def weight(self, token: str) -> float:
        """Say how much a token tells: the fewer fields have it, the more.

        :param token: the token.
        :returns: a number above 0.
        """
        known = self._weights.get(token)
        if known is None:
            known = math.log(1 + (1 + len(self.folded)) / (1 + len(self.fields_of(token))))
            if token in self._fields_of:
                self._weights[token] = known
        return known

    def expand(self, token: str, *, is_prefix: bool, is_exact: bool = False) -> dict[str, float]:
        """List the tokens that a token of a query may stand for.

        :param token: the token.
        :param is_prefix: whether it may be the beginning of a word.
        :param is_exact: whether it is taken for spelt right.
        :returns: tokens that fields have, with how well each fits: 1 for the same.
        """
        found: dict[str, float] = {}
        if token in self._fields_of:
            found[token] = 1.0
        if is_prefix:
            for word in self._beginning_with(token):
                found.setdefault(word, 0.7 + 0.25 * len(token) / len(word))
        if not (found or is_exact) and len(token) >= _SHORTEST_FUZZY and not is_ideographic(token):
            found.update(self._similar(token, is_prefix=is_prefix))
        return found

    def _beginning_with(self, prefix: str) -> Iterator[str]:
        start = bisect_left(self._vocabulary, prefix)
        for word in self._vocabulary[start : start + _MOST_EXPANDED]:
            if not word.startswith(prefix):
                return
            yield word

    def _similar(self, word: str, *, is_prefix: bool) -> dict[str, float]:
        """Find the words that differ by a typing error or two; where asked, by what they begin with."""
        errors = 2 if len(word) >= _TWO_ERRORS else 1
        pairs = _pairs(word)
        # An error changes two pairs, an exchange of neighbours three; the end may be missing.
        least = max(1, len(pairs) - 3 * errors)
        shared = Counter(number for pair in pairs for number in self._by_pair.get(pair, ()))
        found: dict[str, float] = {}
        for number, count in shared.most_common(_MOST_EXPANDED * 4):
            if count < least or len(found) >= _MOST_EXPANDED:
                break
            other = self._vocabulary[number]
            compared = other[: len(word)] if is_prefix and len(other) > len(word) + errors else other
            apart = distance(word, compared, errors)
            if apart <= errors:
                found[other] = (1 - apart / len(word)) * (0.9 if compared == other else 0.7)
        return found


def _pairs(word: str) -> list[str]:
    marked = f"^{word}$"
    return [marked[place : place + 2] for place in range(len(marked) - 1)]


def distance(one: str, other: str, most: int) -> int:
    """Count the typing errors between two words: a letter too many, missing, wrong, or two exchanged.

    :param one: a word.
    :param other: another.
    :param most: the most that matters.
    :returns: their number, or one more than ``most`` where there are more.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    line = list(range(len(other) + 1))
    for place, letter in enumerate(one, start=1):
        above, line, before = before, [place], line
        for column, another in enumerate(other, start=1):
            cost = min(before[column] + 1, line[-1] + 1, before[column - 1] + (letter != another))
            is_exchanged = (
                place > 1 and column > 1 and letter == other[column - 2] and one[place - 2] == another
            )
            if is_exchanged:
                cost = min(cost, above[column - 2] + 1)
            line.append(cost)
        if min(line) > most:
            return most + 1
    return min(line[-1], most + 1)
