"""Read what the page about an entity shows: what is said of it, by whom, and what it has to do with what."""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from aisi_kg.errors import UnknownResource
from aisi_kg.graph.prefixes import (
    AISI,
    BASE,
    CLAIM_BASE,
    INFERRED_GRAPH,
    META_GRAPH,
    ONTOLOGY_GRAPH,
    WIKIDATA_GRAPH,
)
from aisi_kg.graph.style import natural_key
from aisi_kg.store.cite import DatasetCited, dataset_cited
from aisi_kg.store.claim_record import Discrepancy, discrepancies_of
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry, RdfTerm, Solution, text_of_term
from aisi_kg.store.library.records import Text
from aisi_kg.store.naming import (
    Names,
    Value,
    in_one_language,
    names_of,
    resource_node,
    value_of,
    values_clause,
)
from aisi_kg.store.wording import date_precision, date_text, sum_text

__all__ = [
    "CLAIMS",
    "Dated",
    "EntityRecord",
    "Fact",
    "Identity",
    "Neighbour",
    "Stated",
    "read_entity_record",
]

#: What stands for the list of claims, where a page is asked for all of one list.
CLAIMS = "claims"

_RDF, _RDFS = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.w3.org/2000/01/rdf-schema#"
_SKOS, _OWL = "http://www.w3.org/2004/02/skos/core#", "http://www.w3.org/2002/07/owl#"
_TYPE = _RDF + "type"
_PREFERRED, _NOTE = _SKOS + "prefLabel", _SKOS + "editorialNote"
_OTHER_NAMES = (_SKOS + "altLabel", "https://schema.org/alternateName")
# Names are shown at the top; inferred labels repeat them; bounds repeat dates for machines.
_NO_FACTS = frozenset(
    [_TYPE, _PREFERRED, _NOTE, *_OTHER_NAMES, _RDFS + "label", AISI + "earliestDate", AISI + "latestDate"]
)
# What is said about claims, the mapping and the dataset is no fact about what it names.
_NO_LINKS = frozenset(
    [AISI + "tableRow", AISI + "tableColumn", _OWL + "annotatedSource", _OWL + "annotatedTarget"]
)
_NO_FACTS_GRAPHS = frozenset([META_GRAPH, ONTOLOGY_GRAPH, WIKIDATA_GRAPH])
_SHOWN, _SHOWN_CLAIMS, _SHOWN_NEIGHBOURS, _SHOWN_MARKS = 8, 20, 12, 6

_OUT = "SELECT ?p ?x ?g WHERE { GRAPH ?g { ?entity ?p ?x } } ORDER BY ?p ?x ?g"
_IN = "SELECT ?p ?x ?g WHERE { GRAPH ?g { ?x ?p ?entity } } ORDER BY ?p ?x ?g"
_DETAILS = f"""PREFIX aisi: <{AISI}>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?node ?p ?o ?code ?g WHERE {{{{
  VALUES ?node {{{{ {{nodes}} }}}}
  VALUES ?p {{{{
    aisi:amount aisi:value aisi:currency aisi:comparator
    aisi:date aisi:startDate aisi:endDate aisi:plannedDate dcterms:issued
  }}}}
  GRAPH ?g {{{{ ?node ?p ?o }}}}
  OPTIONAL {{{{ ?o skos:notation ?code }}}}
}}}}
ORDER BY ?node ?p ?o ?g"""
_DATES = {
    AISI + "date": "",
    AISI + "startDate": AISI + "startDate",
    AISI + "endDate": AISI + "endDate",
    AISI + "plannedDate": AISI + "plannedDate",
    "http://purl.org/dc/terms/issued": "http://purl.org/dc/terms/issued",
}
# Whoever only judges is no neighbour of what is judged.
_NEIGHBOURS = f"""PREFIX aisi: <{AISI}>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
SELECT ?other ?claim WHERE {{
  {{
    SELECT DISTINCT ?entity ?claim WHERE {{
      {{ GRAPH ?claim {{ ?entity ?p ?o }} }} UNION {{ GRAPH ?claim {{ ?s ?q ?entity }} }}
    }}
  }}
  ?claim a aisi:Claim .
  GRAPH ?claim {{ ?x ?r ?other FILTER(?r != aisi:judgedBy) }}
  ?other a foaf:Agent .
  FILTER(?other != ?entity)
}}
GROUP BY ?other ?claim
ORDER BY ?other ?claim"""
_MAPPING = f"""PREFIX owl: <{_OWL}>
PREFIX rdfs: <{_RDFS}>
PREFIX sssom: <https://w3id.org/sssom/>
SELECT ?axiom ?relation ?target ?label ?confidence ?justification ?see ?comment WHERE {{
  GRAPH <{WIKIDATA_GRAPH}> {{
    ?axiom owl:annotatedSource ?entity ; owl:annotatedProperty ?relation ; owl:annotatedTarget ?target .
    OPTIONAL {{ ?axiom sssom:object_label ?label }}
    OPTIONAL {{ ?axiom sssom:confidence ?confidence }}
    OPTIONAL {{ ?axiom sssom:mapping_justification ?justification }}
    OPTIONAL {{ ?axiom rdfs:seeAlso ?see }}
    OPTIONAL {{ ?axiom rdfs:comment ?comment }}
  }}
}}
ORDER BY ?axiom ?see"""
# The same claims are sorted for every list that they are in, and for the next page.
_key = functools.lru_cache(16_384)(natural_key)
_NO_TERM = "https://w3id.org/sssom/NoTermFound"


@dataclass(frozen=True)
class Stated:
    """Hold a value with who states it.

    :param value: the value.
    :param detail: its sum or date in words; empty where it has none.
    :param claims: the claims that state it, as many as are shown.
    :param more: how many further claims state it.
    :param is_disputed: whether one of the claims is involved in a disagreement.
    :param triple: subject, predicate and object as IRIs, where it was inferred; literals are never inferred.
    """

    value: Value
    detail: str
    claims: tuple[str, ...]
    more: int = 0
    is_disputed: bool = False
    triple: tuple[str, str, str] | None = None


@dataclass(frozen=True)
class Fact:
    """Hold what is said with one property.

    :param property: the property.
    :param values: the values that are shown.
    :param total: how many there are.
    :param is_incoming: whether the values are the subjects, and the entity the object.
    """

    property: Value
    values: tuple[Stated, ...]
    total: int
    is_incoming: bool = False


@dataclass(frozen=True)
class Dated:
    """Hold an event of a time line.

    :param event: what is dated.
    :param date: the date as RDF writes it.
    :param precision: ``year``, ``month`` or ``day``.
    :param kind: what the date is the date of, where it is not that of the event itself.
    :param claims: the claims that state the date, as many as are shown.
    :param is_disputed: whether one of the claims is involved in a disagreement.
    """

    event: Value
    date: str
    precision: str
    kind: Value | None
    claims: tuple[str, ...]
    is_disputed: bool


@dataclass(frozen=True)
class Neighbour:
    """Hold somebody whom claims name together with the entity.

    :param value: who it is.
    :param claims: the first of the claims.
    :param number: how many claims name both.
    """

    value: Value
    claims: tuple[str, ...]
    number: int


@dataclass(frozen=True)
class Identity:
    """Hold what the entity is in another dataset.

    :param target: IRI of what it is there; empty where a search found nothing.
    :param label: how that is labelled there.
    :param relation: how the two relate.
    :param confidence: how sure that is, from 0 to 1; empty where not stated.
    :param justification: how it was found.
    :param sources: the sources that pair the two.
    :param comment: what they say, in English.
    """

    target: str
    label: str
    relation: Value
    confidence: str
    justification: str
    sources: tuple[str, ...]
    comment: str

    @property
    def is_same(self) -> bool:
        """Tell whether the two are one and the same."""
        return self.relation.iri == _SKOS + "exactMatch"


@dataclass(frozen=True)
class EntityRecord:
    """Hold what the page about an entity shows.

    :param name: its name in the language of the page.
    :param translation: its name in the other language; None where there is none.
    :param other_names: its other names.
    :param kinds: what it is, as is stated.
    :param further_kinds: what it is in our terms, as follows from what is stated.
    :param notes: what the editors say of it.
    :param facts: what is stated of it, short lists first.
    :param links: what is stated of others and leads to it.
    :param inferred: what follows.
    :param time_line: dated events that it has to do with, in order.
    :param neighbours: whom claims name with it, most often first.
    :param neighbour_number: how many those are.
    :param discrepancies: places of disagreement that claims about it are involved in.
    :param identities: what it is in other datasets.
    :param claims: the claims that speak of it, by section, as many as are shown.
    :param claim_number: how many there are.
    :param statements: what each claim states that is named above, by its IRI.
    :param dataset: what a citation names of the dataset.
    """

    name: Value
    translation: Value | None
    other_names: tuple[Value, ...]
    kinds: tuple[Value, ...]
    further_kinds: tuple[Value, ...]
    notes: tuple[Value, ...]
    facts: tuple[Fact, ...]
    links: tuple[Fact, ...]
    inferred: tuple[Fact, ...]
    time_line: tuple[Dated, ...]
    neighbours: tuple[Neighbour, ...]
    neighbour_number: int
    discrepancies: tuple[Discrepancy, ...]
    identities: tuple[Identity, ...]
    claims: tuple[Value, ...]
    claim_number: int
    statements: Mapping[str, str] = field(default_factory=dict)
    dataset: DatasetCited | None = None


class _Row(NamedTuple):
    """Hold a triple by what it leads to, with the graphs that state it."""

    predicate: str
    term: RdfTerm
    graphs: tuple[str, ...]

    @property
    def claims(self) -> list[str]:
        return sorted((g for g in self.graphs if g.startswith(CLAIM_BASE)), key=_key)

    @property
    def is_inferred(self) -> bool:
        return self.graphs == (INFERRED_GRAPH,)


def _rows(solutions: Iterable[Solution]) -> list[_Row]:
    found: dict[tuple[str, RdfTerm], list[str]] = {}
    for solution in solutions:
        if solution["g"].value not in _NO_FACTS_GRAPHS:
            found.setdefault((solution["p"].value, solution["x"]), []).append(solution["g"].value)
    return [_Row(property_, term, tuple(graphs)) for (property_, term), graphs in found.items()]


def read_entity_record(entity: str, language: str, everything: str = "") -> Inquiry[EntityRecord]:
    """Read what the page about an entity shows.

    :param entity: IRI of the entity, as a client may have sent it.
    :param language: the language of the page.
    :param everything: IRI of the property whose values are all shown, or :data:`CLAIMS`; of other lists the
        first are.
    :returns: what it shows.
    :raises UnknownResource: if the dataset says nothing about it.
    """
    node = (("entity", resource_node(entity)),)
    outgoing = _rows((yield QueryRequest(_OUT, bindings=node)))
    incoming = _rows((yield QueryRequest(_IN, bindings=node)))
    if not outgoing:
        raise UnknownResource(f"The dataset says nothing about <{entity[:200]}>.")
    mapping = yield QueryRequest(_MAPPING, bindings=node)
    together = yield QueryRequest(_NEIGHBOURS, bindings=node)
    dataset = yield from dataset_cited()
    facts = [row for row in outgoing if row.predicate not in _NO_FACTS and not row.is_inferred]
    links = [row for row in incoming if row.predicate not in _NO_LINKS and not row.is_inferred]
    claims = sorted({claim for row in (*outgoing, *incoming) for claim in row.claims}, key=_key)
    inferred = [
        row
        for row in (*outgoing, *incoming)
        if row.is_inferred
        and row.predicate.startswith((AISI, "http://www.w3.org/ns/org#"))
        and row not in links
    ]
    nodes = [r.term.value for r in (*facts, *links) if _is_entity(r.term)]
    details = _Details((yield QueryRequest(_DETAILS.format(nodes=values_clause([entity, *nodes])))))
    discrepancies = yield from discrepancies_of(claims, language)
    disputed = {side.iri for each in discrepancies for side in each.claims}
    shown = claims if everything == CLAIMS else claims[:_SHOWN_CLAIMS]
    neighbours = _neighbours(together)
    marked = [*shown, *_marked((facts, links), everything), *details.claims()]
    marked += [claim for _, group in neighbours[:_SHOWN_NEIGHBOURS] for claim in group[:_SHOWN_MARKS]]
    terms: list[RdfTerm | str] = [row.predicate for row in (*outgoing, *incoming)]
    terms += [row.term for row in (*outgoing, *facts, *links, *inferred)]
    terms += [entity, *details.terms(), *_DATES, *(iri for iri, _ in neighbours), *marked]
    terms += [each[name] for each in mapping for name in ("relation", "justification") if name in each]
    names = yield from names_of(terms, language)
    reader = _Reader(entity, names, language, details, disputed, everything)
    other = "en" if language == "zh" else "zh"
    preferred = [r.term for r in outgoing if r.predicate == _PREFERRED and isinstance(r.term, Literal)]
    return EntityRecord(
        name=names.of(entity),
        translation=next((Value(t.value, language=other) for t in preferred if t.language == other), None),
        other_names=tuple(reader.texts(outgoing, _OTHER_NAMES)),
        kinds=tuple(names.of(r.term.value) for r in outgoing if r.predicate == _TYPE and not r.is_inferred),
        further_kinds=tuple(
            names.of(r.term.value)
            for r in outgoing
            if r.predicate == _TYPE and r.is_inferred and r.term.value.startswith(AISI)
        ),
        notes=tuple(
            value_of(term, names, language)
            for term in in_one_language((r.term for r in outgoing if r.predicate == _NOTE), language)
        ),
        facts=reader.facts(facts),
        links=reader.facts(links, is_incoming=True),
        inferred=(
            *reader.facts([r for r in inferred if r in outgoing], is_inferred=True),
            *reader.facts([r for r in inferred if r not in outgoing], is_inferred=True, is_incoming=True),
        ),
        time_line=tuple(reader.time_line()),
        neighbours=tuple(
            Neighbour(names.of(iri), tuple(group[:_SHOWN_MARKS]), len(group))
            for iri, group in neighbours[:_SHOWN_NEIGHBOURS]
        ),
        neighbour_number=len(neighbours),
        discrepancies=discrepancies,
        identities=tuple(_identities(mapping, names)),
        claims=tuple(names.of(claim) for claim in shown),
        claim_number=len(claims),
        statements={claim: names.of(claim).text for claim in marked if claim in names},
        dataset=dataset,
    )


def _is_entity(term: RdfTerm) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(BASE) and not term.value.startswith(AISI)


def _by_property(rows: Iterable[_Row]) -> dict[str, list[_Row]]:
    """Group triples by property, short lists first; in each list those first that most claims state."""
    groups: dict[str, list[_Row]] = {}
    for row in rows:
        groups.setdefault(row.predicate, []).append(row)
    weights = {name: sum(len(row.claims) for row in group) for name, group in groups.items()}
    ordered = sorted(groups, key=lambda name: (len(groups[name]), -weights[name], name))
    return {
        name: sorted(groups[name], key=lambda row: (-len(row.claims), _key(row.term.value)))
        for name in ordered
    }


def _marked(lists: Iterable[Sequence[_Row]], everything: str) -> Iterator[str]:
    """Give the claims whose marks are shown."""
    for rows in lists:
        for name, group in _by_property(rows).items():
            for row in group if name == everything else group[:_SHOWN]:
                yield from row.claims[:_SHOWN_MARKS]


def _neighbours(solutions: Iterable[Solution]) -> list[tuple[str, list[str]]]:
    groups: dict[str, list[str]] = {}
    for solution in solutions:
        if "other" in solution:
            groups.setdefault(solution["other"].value, []).append(solution["claim"].value)
    for group in groups.values():
        group.sort(key=_key)
    return sorted(groups.items(), key=lambda each: (-len(each[1]), each[0]))


def _identities(solutions: Iterable[Solution], names: Names) -> Iterator[Identity]:
    groups: dict[str, list[Solution]] = {}
    for solution in solutions:
        groups.setdefault(solution["axiom"].value, []).append(solution)
    for group in groups.values():
        first = group[0]
        target = first["target"].value
        yield Identity(
            "" if target == _NO_TERM else target,
            text_of_term(first, "label"),
            names.of(first["relation"].value),
            text_of_term(first, "confidence"),
            names.of(first["justification"].value).text if "justification" in first else "",
            tuple(dict.fromkeys(each["see"].value for each in group if "see" in each)),
            text_of_term(first, "comment"),
        )


class _Details:
    """Hold sums and dates of what an entity has to do with."""

    def __init__(self, solutions: Sequence[Solution]) -> None:
        self._by_node: dict[str, dict[str, list[Solution]]] = {}
        for solution in solutions:
            properties = self._by_node.setdefault(solution["node"].value, {})
            properties.setdefault(solution["p"].value, []).append(solution)

    def terms(self) -> Iterator[RdfTerm]:
        for properties in self._by_node.values():
            for solutions in properties.values():
                for solution in solutions:
                    yield solution["o"]

    def claims(self) -> Iterator[str]:
        """Give the claims that state a date."""
        for _, _, _, claims in self.dates():
            yield from claims

    def dates(self) -> Iterator[tuple[str, str, str, list[str]]]:
        """Give each date: of what, the property, the date, and the claims that state it."""
        for node, properties in self._by_node.items():
            for property_ in _DATES:
                by_date: dict[str, list[str]] = {}
                for solution in properties.get(property_, ()):
                    claims = by_date.setdefault(solution["o"].value, [])
                    if solution["g"].value.startswith(CLAIM_BASE):
                        claims.append(solution["g"].value)
                for date, claims in by_date.items():
                    yield node, property_, date, sorted(claims, key=_key)[:_SHOWN_MARKS]

    def said(self, node: str, names: Names, language: str) -> str:
        """Say the sums and dates of one thing."""
        properties = self._by_node.get(node, {})
        said = []
        for number in ("amount", "value"):
            for solution in _distinct(properties.get(AISI + number, ())):
                units = properties.get(AISI + "currency", ()) if number == "amount" else ()
                unit = names.of(units[0]["o"].value) if units else None
                bound = properties.get(AISI + "comparator", ())
                said.append(
                    sum_text(
                        solution["o"].value,
                        _text(names.of(bound[0]["o"].value)) if bound and not _is_exact(bound[0]) else None,
                        _text(unit) if unit else None,
                        text_of_term(units[0], "code") if units else "",
                        language,
                    )
                )
        for property_ in _DATES:
            said += [
                date_text(each["o"].value, language) for each in _distinct(properties.get(property_, ()))
            ]
        return ("；" if language == "zh" else "; ").join(said)


def _text(value: Value) -> Text:
    return Text(value.text, value.text)


def _is_exact(solution: Solution) -> bool:
    return solution["o"].value == AISI + "Exactly"


def _distinct(solutions: Iterable[Solution]) -> list[Solution]:
    return list({each["o"]: each for each in solutions}.values())


class _Reader:
    """Say rows in words."""

    def __init__(
        self, entity: str, names: Names, language: str, details: _Details, disputed: set[str], everything: str
    ) -> None:
        self._entity = entity
        self._names = names
        self._language = language
        self._details = details
        self._disputed = disputed
        self._everything = everything

    def texts(self, rows: Iterable[_Row], properties: Sequence[str]) -> Iterator[Value]:
        terms = dict.fromkeys(row.term for row in rows if row.predicate in properties)
        for term in terms:
            yield value_of(term, self._names, self._language)

    def facts(
        self, rows: Iterable[_Row], *, is_inferred: bool = False, is_incoming: bool = False
    ) -> tuple[Fact, ...]:
        found = []
        for name, stated in _by_property(rows).items():
            kept = set(in_one_language((row.term for row in stated), self._language))
            group = [row for row in stated if row.term in kept]
            shown = group if name == self._everything else group[:_SHOWN]
            values = tuple(
                self._stated(row, is_inferred=is_inferred, is_incoming=is_incoming) for row in shown
            )
            found.append(Fact(self._names.of(name), values, len(group), is_incoming))
        return tuple(found)

    def _stated(self, row: _Row, *, is_inferred: bool, is_incoming: bool) -> Stated:
        claims = row.claims
        triple = None
        if is_inferred and isinstance(row.term, NamedNode):
            ends = (row.term.value, self._entity) if is_incoming else (self._entity, row.term.value)
            triple = (ends[0], row.predicate, ends[1])
        return Stated(
            value_of(row.term, self._names, self._language),
            self._details.said(row.term.value, self._names, self._language) if _is_entity(row.term) else "",
            tuple(claims[:_SHOWN_MARKS]),
            max(0, len(claims) - _SHOWN_MARKS),
            any(claim in self._disputed for claim in claims),
            triple,
        )

    def time_line(self) -> Iterator[Dated]:
        for node, property_, date, claims in sorted(
            self._details.dates(), key=lambda each: (each[2], each[0])
        ):
            of = _DATES[property_]
            yield Dated(
                self._names.of(node),
                date,
                date_precision(date),
                self._names.of(of) if of else None,
                tuple(claims),
                any(claim in self._disputed for claim in claims),
            )
