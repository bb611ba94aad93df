"""Find the entities that a name, types and values may mean, and say how well each fits."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from heapq import nlargest

from pyoxigraph import Literal, NamedNode

from aisi_kg.graph.prefixes import ENTITY_BASE
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry, RdfTerm
from aisi_kg.store.reconcile.catalogue import Property, Type
from aisi_kg.store.reconcile.values import Values, values_of
from aisi_kg.store.search import Document, Index, Kind, Role, fold
from aisi_kg.store.search.retrieval import Asked, read, retrieve
from aisi_kg.store.search.similarity import similarity

__all__ = ["Candidate", "Given", "Query", "Strictness", "candidates", "rank", "reconcile"]

_WIKIDATA = "http://www.wikidata.org/entity/"
_ITEM = re.compile(r"Q[1-9][0-9]{0,12}")
#: So many entities that share tokens with the name are compared closely.
_MOST_COMPARED = 60
#: Of so many, the values are compared.
_MOST_WEIGHED = 30
#: So many values of an entity's property are compared with each that is asked for.
_MOST_OWN = 20
#: Names that are less similar are no candidates.
_LEAST = 0.3
#: A name that is as similar as this is the same name.
_SAME = 0.97
#: A value that fits as well as this agrees; one that fits less than the second does not.
_AGREES, _DISAGREES = 0.9, 0.5
#: What a value counts for, where the name counts for 1.
_FOR_VALUE = 0.4
#: What is left of the score where the type is another one.
_OTHER_TYPE = 0.7
#: A candidate is only certain if the next one is so far behind.
_MARGIN = 5.0
_MOST_NAMED = 20
#: Without a name, so many entities are looked at.
_MOST_VALUED = 200


class Strictness(StrEnum):
    """Name what the types of a query do."""

    #: Entities of other types are candidates too, and fit less.
    SHOULD = "should"
    #: Only entities of one of the types are candidates.
    ANY = "any"
    #: Only entities of all of them are.
    ALL = "all"


@dataclass(frozen=True)
class Given:
    """Hold a value of a query.

    :param text: the value as a text; the identifier, where it is an entity.
    :param is_entity: whether it is an entity that was matched before.
    """

    text: str
    is_entity: bool = False


@dataclass(frozen=True)
class Query:
    """Hold a query.

    :param text: the name; empty where only values are given.
    :param types: the types.
    :param strictness: what the types do.
    :param values: the values, by property; an entity should have one of each property's.
    :param limit: how many candidates are given.
    """

    text: str
    types: tuple[Type, ...] = ()
    strictness: Strictness = Strictness.SHOULD
    values: tuple[tuple[Property, tuple[Given, ...]], ...] = ()
    limit: int = 10


@dataclass
class Candidate:
    """Hold an entity that a query may mean.

    :param document: the entity.
    :param name: how similar its name is, from 0 to 1; None where no name was asked for.
    :param is_other_name: whether the name is an abbreviation or another name, which others may have too.
    :param has_type: whether it has the types; None where none were asked for.
    :param values: how well its values fit, by property; those that it has no value of are not there.
    :param score: how well it fits in all, from 0 to 100.
    :param is_match: whether it is certain.
    """

    document: Document
    name: float | None = None
    is_other_name: bool = False
    has_type: bool | None = None
    values: dict[str, float] = field(default_factory=dict)
    score: float = 0.0
    is_match: bool = False


def reconcile(index: Index, query: Query) -> Inquiry[list[Candidate]]:
    """Find the entities that a query may mean.

    :param index: what can be found.
    :param query: the query.
    :returns: an inquiry that gives candidates, the best first.
    """
    pool = yield from candidates(index, query)
    values: dict[tuple[str, str], Sequence[RdfTerm]] = {}
    for property_, _ in query.values:
        values.update((yield from values_of([each.document.iri for each in pool], [property_.path])))
    return rank(index, query, pool, values)


def candidates(index: Index, query: Query) -> Inquiry[list[Candidate]]:
    """Find the entities that have a similar name, or without a name a value that is asked for.

    :param index: what can be found.
    :param query: the query.
    :returns: an inquiry that gives them, not ranked. Where a name is given it asks nothing.
    """
    if query.text.strip():
        return _named(index, query)
    return (yield from _valued(index, query))


def _is_wanted(document: Document, query: Query) -> bool:
    if document.kind is not Kind.ENTITY:
        return False
    if not query.types or query.strictness is Strictness.SHOULD:
        return True
    found = [each.iri in document.classes for each in query.types]
    return all(found) if query.strictness is Strictness.ALL else any(found)


def _named(index: Index, query: Query) -> list[Candidate]:
    """Find the entities with a similar name."""
    asked = read(index, _without_base(query.text), is_typed=False)
    found, _ = retrieve(index, asked, lambda document: _is_wanted(document, query))

    def coarse(number: int) -> tuple[float, int]:
        # Of the same tokens, the shorter names are closer.
        return max((part, -len(index.folded[place])) for place, part in found[number].fields.items())

    is_identifier = asked.folded != fold(query.text)
    named = [
        _compared(index, asked, number, found[number].fields, is_identifier=is_identifier)
        for number in nlargest(_MOST_COMPARED, found, key=coarse)
    ]
    kept = [(each.name, each.document.mentions, each) for each in named if (each.name or 0.0) >= _LEAST]
    return [each for *_, each in nlargest(_MOST_WEIGHED, kept, key=lambda each: each[:2])]


def _without_base(text: str) -> str:
    """Take an identifier for what it is, however it is written."""
    stripped = text.strip()
    for start in (ENTITY_BASE, "entity:", _WIKIDATA):
        if stripped.startswith(start):
            return stripped.removeprefix(start)
    return text


def _compared(
    index: Index, asked: Asked, number: int, fields: Mapping[int, float], *, is_identifier: bool
) -> Candidate:
    """Take the most similar name of an entity, and say whether it is one that others may have too.

    The end of an IRI often is the abbreviation; it is sure where nothing else of the entity is called so, or
    where it is written as an identifier.
    """
    document = index.documents[number]
    best, roles = 0.0, set[Role]()
    for place in fields:
        role = document.fields[index.place[place]].role
        fit = similarity(index, asked, index.folded[place])
        if role is Role.IDENTIFIER and fit < 1.0:
            continue
        if fit > best:
            best, roles = fit, set()
        if fit == best:
            roles.add(role)
    is_other = Role.ALTERNATIVE in roles and Role.LABEL not in roles
    return Candidate(document, best, is_other_name=is_other and not is_identifier)


def _valued(index: Index, query: Query) -> Inquiry[list[Candidate]]:
    """Find the entities with a value that is asked for, where no name is."""
    found: dict[str, None] = {}
    for property_, given in query.values:
        terms: dict[str, None] = {}
        for value in given:
            terms.update(dict.fromkeys(_terms_of(index, value)))
        texts = ", ".join(str(Literal(value.text)) for value in given if not value.is_entity)
        patterns = " ".join(property_.path.patterns("?entity", "?value"))
        same = [f"{{ VALUES ?value {{ {' '.join(terms)} }} {patterns} }}"] if terms else []
        same += [f"{{ {patterns} FILTER(STR(?value) IN ({texts})) }}"] if texts else []
        if not same:
            continue
        where = " UNION ".join(same)
        asked = f"SELECT DISTINCT ?entity WHERE {{ {where} }} ORDER BY ?entity LIMIT {_MOST_VALUED}"
        for solution in (yield QueryRequest(asked)):
            found[solution["entity"].value] = None
    documents = (index.find(iri) for iri in found)
    return [
        Candidate(document) for document in documents if document is not None and _is_wanted(document, query)
    ]


def _terms_of(index: Index, value: Given) -> list[str]:
    """List the resources that a value may be, as SPARQL writes them."""
    local = _without_base(value.text)
    if _ITEM.fullmatch(local):
        return [str(NamedNode(_WIKIDATA + local))]
    if value.is_entity:
        iri = ENTITY_BASE + local
        return [str(NamedNode(iri))] if index.find(iri) is not None else []
    asked = read(index, value.text, is_typed=False)
    found, _ = retrieve(index, asked, lambda document: document.kind in (Kind.ENTITY, Kind.TERM))
    likely = nlargest(_MOST_COMPARED, found, key=lambda number: max(found[number].fields.values()))
    same = [
        number
        for number in likely
        if any(similarity(index, asked, index.folded[place]) >= _AGREES for place in found[number].fields)
    ]
    return [str(NamedNode(index.documents[number].iri)) for number in same[:_MOST_NAMED]]


def rank(index: Index, query: Query, pool: Sequence[Candidate], values: Values) -> list[Candidate]:
    """Rank candidates, and say whether the first is certain.

    :param index: what can be found.
    :param query: the query.
    :param pool: the candidates; name, values, score and certainty are filled in here.
    :param values: the values that they have of the query's properties.
    :returns: the best, as many as the query asks for.
    """
    fits = _Fits(index)
    for candidate in pool:
        _weigh(fits, query, candidate, values)
    kept = [each for each in pool if each.name is not None or _agreeing(each)]
    kept.sort(key=lambda each: (-each.score, -_agreeing(each), -each.document.mentions, each.document.iri))
    if kept:
        first, *others = kept
        first.is_match = _is_certain(first) and not any(_is_rival(each, first) for each in others)
    return kept[: query.limit]


def _agreeing(candidate: Candidate) -> int:
    return sum(fit >= _AGREES for fit in candidate.values.values())


def _is_rival(candidate: Candidate, first: Candidate) -> bool:
    """Tell whether another candidate may be meant as well: its score is close, and as many values agree."""
    return candidate.score > first.score - _MARGIN and _agreeing(candidate) >= _agreeing(first)


def _weigh(fits: "_Fits", query: Query, candidate: Candidate, values: Values) -> None:
    document = candidate.document
    for property_, given in query.values:
        own = values.get((document.iri, property_.id), ())[:_MOST_OWN]
        if own:
            candidate.values[property_.id] = max(fits.fit(value, term) for value in given for term in own)
    parts = [(1.0, candidate.name)] if candidate.name is not None else []
    parts += [(_FOR_VALUE, fit) for fit in candidate.values.values()]
    weight = sum(each[0] for each in parts)
    score = 100 * sum(each[0] * each[1] for each in parts) / weight if weight else 0.0
    if query.types:
        found = [each.iri in document.classes for each in query.types]
        candidate.has_type = all(found) if query.strictness is Strictness.ALL else any(found)
        score *= 1.0 if candidate.has_type else _OTHER_TYPE
    candidate.score = round(score, 2)


def _is_certain(candidate: Candidate) -> bool:
    """Tell whether a candidate can be taken without a look: a wrong match is worse than none."""
    disagrees = any(fit < _DISAGREES for fit in candidate.values.values())
    if candidate.has_type is False or disagrees:
        return False
    if candidate.name is None:
        return all(fit >= _AGREES for fit in candidate.values.values())
    return candidate.name >= _SAME and (_agreeing(candidate) > 0 or not candidate.is_other_name)


class _Fits:
    """Say how well values that are asked for fit those that entities have; each pair is compared once."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._read: dict[str, Asked] = {}
        self._known: dict[tuple[Given, RdfTerm], float] = {}

    def fit(self, value: Given, term: RdfTerm) -> float:
        """Compare two values; the result is from 0 to 1."""
        known = self._known.get((value, term))
        if known is None:
            compared = self._literal(value.text, term) if isinstance(term, Literal) else None
            known = self._resource(value, term.value) if compared is None else compared
            self._known[value, term] = known
        return known

    def _similar(self, text: str, folded: str) -> float:
        if text not in self._read:
            self._read[text] = read(self._index, text, is_typed=False)
        return similarity(self._index, self._read[text], folded)

    def _resource(self, value: Given, iri: str) -> float:
        local = _without_base(value.text)
        if iri in (value.text.strip(), ENTITY_BASE + local, _WIKIDATA + local):
            return 1.0
        document = self._index.find(iri)
        if value.is_entity or document is None:
            return 0.0
        return max(self._similar(value.text, fold(own.text)) for own in document.fields)

    def _literal(self, text: str, term: Literal) -> float:
        given = text.strip()
        if term.datatype.value.rpartition("#")[2] in ("gYear", "gYearMonth", "date", "dateTime"):
            # As far as both are precise.
            shorter, longer = sorted((given, term.value), key=len)
            return float(len(shorter) >= len("2024") and longer.startswith(shorter))
        try:
            return float(float(given) == float(term.value))
        except ValueError:
            return self._similar(given, fold(term.value))
