"""Answer DESCRIBE by the documents about the resources that a query asks for.

The engine's own answer to DESCRIBE is the triples of which the resource is the subject, which leaves out
every claim. So the query is turned into the SELECT that finds the resources: the words that differ are
exchanged in place, by others of the same length, so that the engine's messages name the places of the query
as it was written.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import BlankNode, NamedNode, Quad, Store, Triple

from aisi_kg.store.export.selection import Part
from aisi_kg.store.syntax import Token, first_keyword, scan

__all__ = ["Asked", "Description", "read_describe"]

_WORD = "DESCRIBE"
_NO_PATTERN = "{}"


@dataclass(frozen=True, slots=True)
class Asked:
    """Say what a DESCRIBE asks for.

    :param solutions: the SELECT whose solutions hold resources; an ASK, where the query names IRIs alone, so
        that the rest of it is read all the same.
    :param resources: the SELECT of the IRIs that the query names; None where it names none.
    """

    solutions: str
    resources: str | None


def read_describe(text: str) -> Asked | None:
    """Read what a DESCRIBE asks for.

    :param text: a SPARQL text.
    :returns: what it asks for; None where it is none, or is not written as one has to be.
    """
    if _WORD not in text.upper():
        return None
    tokens = scan(text).tokens
    keyword = first_keyword(tokens)
    if keyword is None or keyword.text.upper() != _WORD:
        return None
    behind = tokens[tokens.index(keyword) + 1 :]
    listed = _listed(behind)
    if not listed:
        return None
    rest = behind[len(listed) :]
    clauses = _dataset(rest)
    end = (listed + clauses)[-1]
    following = next(islice(rest, len(clauses), None), None)
    has_pattern = following is not None and (following.text == "{" or following.text.upper() == "WHERE")
    iris = [token for token in listed if token.kind in ("iri", "name")]
    return Asked(
        _exchanged(text, keyword, listed, end, has_pattern=has_pattern),
        _select_of(text[: keyword.start], iris) if iris else None,
    )


def _listed(tokens: Sequence[Token]) -> list[Token]:
    """Take the list of what is to be described."""
    if tokens and tokens[0].text == "*":
        return [tokens[0]]
    listed = []
    for token in tokens:
        if token.kind not in ("variable", "iri", "name"):
            break
        listed.append(token)
    return listed


def _dataset(tokens: Sequence[Token]) -> list[Token]:
    """Take the clauses FROM and FROM NAMED."""
    end = 0
    while end < len(tokens) and tokens[end].text.upper() == "FROM":
        named = end + 1 < len(tokens) and tokens[end + 1].text.upper() == "NAMED"
        graph = end + 1 + named
        if graph >= len(tokens) or tokens[graph].kind not in ("iri", "name"):
            break
        end = graph + 1
    return list(tokens[:end])


def _exchanged(text: str, keyword: Token, listed: Sequence[Token], end: Token, *, has_pattern: bool) -> str:
    """Write the SELECT or ASK, as long as the DESCRIBE."""
    start, stop = keyword.start + len(_WORD), end.start + len(end.text)
    head = text[start:stop]
    seen: set[str] = set()
    for token in listed:
        # SELECT takes no IRI, and no variable twice.
        if token.kind in ("iri", "name") or token.text[1:] in seen:
            place = token.start - start
            head = head[:place] + " " * len(token.text) + head[place + len(token.text) :]
        if token.kind == "variable":
            seen.add(token.text[1:])
    word = "SELECT" if seen or listed[0].text == "*" else "ASK"
    pattern = "" if has_pattern else _NO_PATTERN
    room = " " * (len(_WORD) - len(word) - len(pattern))
    return text[: keyword.start] + word + room + head + pattern + text[stop:]


def _select_of(prologue: str, iris: Iterable[Token]) -> str:
    # The engine resolves prefixes and relative IRIs the way it would have done in place.
    return f"{prologue}\nSELECT ?resource {{ VALUES ?resource {{ {' '.join(t.text for t in iris)} }} }}"


class Description:
    """Hold what a DESCRIBE gives, to be read where it was made.

    :param store: the dataset that the resources are described from.
    :param resources: the resources.
    """

    def __init__(self, store: Store, resources: Iterable[NamedNode | BlankNode]) -> None:
        self._part = Part(store)
        for resource in resources:
            self._part.add(resource)
        self._part.name_everything()

    def __iter__(self) -> Iterator[Triple]:
        """Give it as one graph, each triple once."""
        return self._part.merged()

    def quads(self) -> Iterator[Quad]:
        """Give it as a dataset.

        :returns: the claims' graphs as named graphs, and what is said about claims in the default graph.
        """
        return self._part.quads()
