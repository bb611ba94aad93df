"""Ask HermiT whether ontology and data are consistent and what belongs to which class.

What HermiT is given is not quite what the files say:

- Annotations (labels, definitions, notes) are left out; they mean nothing to a reasoner.
- ``xsd:date``, ``xsd:gYear`` and ``xsd:gYearMonth``, which OWL 2 does not have, become an ``xsd:dateTime``,
  and the range ``rdf:langString`` becomes "text with any language tag".
- For a property with ``aisi:closedInReasoning`` the values that are known of an individual are stated to be
  all it has, and the individuals in its range to be all different. Without that, nothing could be concluded
  from a number: to OWL there may always be more, and two names may name one thing.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from aisi_kg.errors import InputError, ReasonerFailed
from aisi_kg.graph import hermit
from aisi_kg.graph.axioms import OWL, RDF, RDFS, XSD, Axioms, Node
from aisi_kg.graph.contradictions import Contradiction, Diagnosis
from aisi_kg.graph.dates import bounds
from aisi_kg.graph.findings import Finding, Severity, in_order
from aisi_kg.graph.literals import lexical_fault
from aisi_kg.graph.locations import Location, Locations
from aisi_kg.graph.prefixes import AISI, CLAIM_BASE, Prefixes, load_prefixes
from aisi_kg.graph.rules import Closure, close, load_rules
from aisi_kg.project import Project

__all__ = ["ReasonerInput", "ReasonerResult", "prepare", "reason"]

_TYPE = NamedNode(RDF + "type")
_CLOSED = NamedNode(AISI + "closedInReasoning")
_TRUE = Literal("true", datatype=NamedNode(XSD + "boolean"))
_NIL = NamedNode(RDF + "nil")
_ABOUT_SOURCES = tuple(NamedNode(AISI + name) for name in ("Claim", "Footnote", "Passage"))
_ABOUT_INDIVIDUALS = {OWL + "sameAs", OWL + "differentFrom"}

#: The datatypes of OWL 2 that HermiT knows and the data may use.
_OWL_DATATYPES = {RDF + "langString", RDF + "PlainLiteral"} | {
    XSD + name
    for name in (
        "string boolean decimal double float integer nonNegativeInteger positiveInteger nonPositiveInteger "
        "negativeInteger long int short byte unsignedLong unsignedInt unsignedShort unsignedByte anyURI "
        "dateTime dateTimeStamp"
    ).split()
}
_DATES = {XSD + "date", XSD + "gYear", XSD + "gYearMonth"}

#: How long to look for the statements that contradict each other, where the diagnosis does not find them.
_SEARCH_S = 90.0
#: How many of the statements in a contradiction a message writes out.
_SHOWN = 12


@dataclass(frozen=True)
class ReasonerResult:
    """Hold what the reasoner found.

    :param inferred: memberships in classes that follow and are not asserted.
    :param findings: what is wrong: a contradiction, a class that can have no member.
    """

    inferred: frozenset[Triple]
    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class ReasonerInput:
    """Hold what HermiT is given.

    :param axioms: the ontology's axioms.
    :param statements: the statements about individuals.
    :param assumptions: what is added so that known values are all there are.
    :param apart: the claims, passages and footnotes, unless a class with a definition is among theirs.
    :param different: the individuals that are stated to be all different.
    :param known: for individual and property the number of values that are stated to be all there are.
    """

    axioms: tuple[Triple, ...]
    statements: tuple[Triple, ...]
    assumptions: tuple[Triple, ...]
    apart: frozenset[NamedNode]
    different: frozenset[NamedNode]
    known: Mapping[tuple[NamedNode, NamedNode], int]

    @property
    def triples(self) -> tuple[Triple, ...]:
        """Give all of it."""
        return (*self.axioms, *self.statements, *self.assumptions)

    def for_classification(self) -> tuple[Triple, ...]:
        """Give all but the statements about claims, passages and footnotes.

        They are more than half of the individuals, and HermiT takes several times as long where it has to
        find their classes too. No class with a definition takes them in, and the rules know the classes above
        theirs.
        """
        statements = (triple for triple in self.statements if triple.subject not in self.apart)
        return (*self.axioms, *statements, *self.assumptions)


def reason(
    triples: Iterable[Triple],
    project: Project,
    *,
    quads: Iterable[Quad] = (),
    locations: Locations | None = None,
    search_s: float = _SEARCH_S,
) -> ReasonerResult:
    """Find what classes individuals belong to, and what contradicts what.

    :param triples: the merged triples: ontology, entities, claims, sources.
    :param project: the project, for its prefixes and its rules.
    :param quads: the same in their named graphs, so that findings can tell which claims state what.
    :param locations: where the files say it, so that findings can tell the line.
    :param search_s: for how many seconds at most to look for the statements that contradict each other, where
        the contradiction is of no usual kind.
    :returns: the memberships that follow and are not asserted; nothing where something is wrong.
    :raises ReasonerFailed: if HermiT comes to no result.
    :raises InputError: if a rule or the prefixes cannot be read.
    """
    asserted = set(triples)
    closure = close(asserted, load_rules(project))
    axioms = Axioms(asserted)
    given = prepare(asserted, axioms, closure)
    is_consistent = hermit.is_consistent(given.triples)
    report = _Report(load_prefixes(project), axioms, quads, locations)
    diagnosis = Diagnosis(closure, axioms, report.prefixes, given.different, given.known)
    if not is_consistent:
        findings = [report.of_contradiction(contradiction) for contradiction in diagnosis.contradictions()]
        if not findings:
            findings = [report.of_search(*_search(given, time.monotonic() + search_s))]
        return ReasonerResult(frozenset(), tuple(in_order(findings)))
    classified = hermit.classify(given.for_classification())
    empty = diagnosis.empty_classes(classified.unsatisfiable)
    findings = [report.of_contradiction(contradiction) for contradiction in empty]
    if findings:
        return ReasonerResult(frozenset(), tuple(in_order(findings)))
    others = _other_names(asserted)
    inferred = {
        Triple(about, _TYPE, cls)
        for about, types in classified.types.items()
        if about not in others
        for cls in types
    }
    return ReasonerResult(frozenset(inferred - asserted), ())


def _other_names(triples: set[Triple]) -> set[NamedNode]:
    """Give the names that others have for our individuals, of which nothing else is said.

    They belong to the same classes; but who counts the members of a class wants each of them once.
    """
    subjects = {triple.subject for triple in triples}
    others = {triple.object for triple in triples if triple.predicate.value == OWL + "sameAs"}
    return {other for other in others if isinstance(other, NamedNode) and other not in subjects}


def prepare(triples: Iterable[Triple], axioms: Axioms, closure: Closure) -> ReasonerInput:
    """Make of merged triples what HermiT is given.

    What it cannot be given is left out; the checks report it: a literal where a thing must be or the other
    way round, a literal that is no value of its datatype, a term that is not declared.

    :param triples: the merged triples.
    :param axioms: the axioms among them.
    :param closure: what follows from them by rules.
    :returns: the input.
    """
    ontology: list[Triple] = []
    statements: list[Triple] = []
    annotations = axioms.annotation_properties
    headers = axioms.instances(OWL + "Ontology")
    for triple in sorted(triples, key=str):
        subject, predicate, object_ = triple.subject, triple.predicate, triple.object
        if predicate in annotations or subject in annotations:
            continue
        if isinstance(subject, BlankNode) or subject in axioms.elements:
            if predicate.value.startswith((RDF, RDFS, OWL)) and subject not in headers:
                ontology.append(triple)
        elif predicate == _TYPE:
            if object_ in axioms.classes:
                statements.append(triple)
        elif predicate.value in _ABOUT_INDIVIDUALS:
            statements.append(triple)
        elif predicate in axioms.object_properties:
            if not isinstance(object_, Literal):
                statements.append(triple)
        elif predicate in axioms.data_properties and isinstance(object_, Literal):
            literal = _as_owl(object_)
            if literal is not None:
                statements.append(Triple(subject, predicate, literal))
    closing = _Closing(axioms, closure)
    return ReasonerInput(
        axioms=(*(t for t in ontology if not _is_text_range(t)), *_text_ranges(ontology)),
        statements=tuple(statements),
        assumptions=tuple(closing.triples),
        apart=frozenset(_about_sources(axioms, closure)),
        different=frozenset(closing.different),
        known=closing.known,
    )


def _about_sources(axioms: Axioms, closure: Closure) -> Iterator[NamedNode]:
    """Give the individuals that are about what a source says and not about the world."""
    taken = {above for cls in axioms.defined_classes for above in axioms.superclasses(cls)}
    for cls in _ABOUT_SOURCES:
        if cls not in taken:
            for triple in closure.triples(None, _TYPE, cls):
                if isinstance(triple.subject, NamedNode):
                    yield triple.subject


def _as_owl(literal: Literal) -> Literal | None:
    """Write a literal with a datatype of OWL 2; None where it has no value that OWL knows."""
    datatype = literal.datatype.value
    if datatype in _DATES:
        try:
            first, _ = bounds(literal)
        except InputError:
            return None
        return Literal(f"{first.isoformat()}T00:00:00Z", datatype=NamedNode(XSD + "dateTime"))
    if datatype not in _OWL_DATATYPES or lexical_fault(literal) is not None:
        return None
    return literal


def _is_text_range(triple: Triple) -> bool:
    return triple.predicate.value == RDFS + "range" and triple.object == NamedNode(RDF + "langString")


def _text_ranges(ontology: Iterable[Triple]) -> Iterator[Triple]:
    """Write the range ``rdf:langString`` by facet, as OWL 2 has it; HermiT would read over it."""
    for number, triple in enumerate(filter(_is_text_range, ontology)):
        # One description for each: HermiT's parser does not let two properties share one.
        datatype, facets, facet = (BlankNode(f"text{number}{part}") for part in ("a", "b", "c"))
        yield Triple(datatype, _TYPE, NamedNode(RDFS + "Datatype"))
        yield Triple(datatype, NamedNode(OWL + "onDatatype"), NamedNode(RDF + "PlainLiteral"))
        yield Triple(datatype, NamedNode(OWL + "withRestrictions"), facets)
        yield Triple(facets, NamedNode(RDF + "first"), facet)
        yield Triple(facets, NamedNode(RDF + "rest"), _NIL)
        yield Triple(facet, NamedNode(RDF + "langRange"), Literal("*"))
        yield Triple(triple.subject, triple.predicate, datatype)


class _Closing:
    """State of closed properties that what is known of them is all there is."""

    def __init__(self, axioms: Axioms, closure: Closure) -> None:
        self.triples: list[Triple] = []
        self.different: set[NamedNode] = set()
        self.known: dict[tuple[NamedNode, NamedNode], int] = {}
        self._axioms = axioms
        self._closure = closure
        for property_ in sorted(axioms.object_properties, key=str):
            if Triple(property_, _CLOSED, _TRUE) in closure:
                self._close(property_)
        self._differ()

    def _close(self, property_: NamedNode) -> None:
        values: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        for triple in self._closure.triples(None, property_):
            if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode):
                values[triple.subject].add(triple.object)
                self.different.add(triple.object)
        for individual in self._members(property_, "domain"):
            values.setdefault(individual, set())
        self.different |= self._members(property_, "range")
        largest = self._largest_number(property_)
        for individual in sorted(values, key=str):
            number = len(values[individual])
            # Larger numbers decide nothing, and HermiT takes minutes over them.
            if largest is None or number <= largest:
                self.known[individual, property_] = number
                self._state_maximum(individual, property_, number)

    def _members(self, property_: NamedNode, end: str) -> set[NamedNode]:
        classes = (
            part
            for node in self._axioms.nodes(property_, RDFS + end)
            for part in self._axioms.alternatives(node)
            if isinstance(part, NamedNode)
        )
        return {
            triple.subject
            for cls in classes
            for triple in self._closure.triples(None, _TYPE, cls)
            if isinstance(triple.subject, NamedNode)
        }

    def _largest_number(self, property_: NamedNode) -> int | None:
        """Give the largest number of values that an axiom asks about; None where it asks about all values."""
        largest = 0
        for restriction in self._axioms.restrictions():
            if restriction.property == property_:
                if restriction.universal:
                    return None
                largest = max(largest, restriction.minimum - 1, restriction.maximum or 0)
        return largest

    def _state_maximum(self, individual: NamedNode, property_: NamedNode, number: int) -> None:
        node = BlankNode(f"known{len(self.triples)}")
        value = Literal(str(number), datatype=NamedNode(XSD + "nonNegativeInteger"))
        self.triples += [
            Triple(individual, _TYPE, node),
            Triple(node, _TYPE, NamedNode(OWL + "Restriction")),
            Triple(node, NamedNode(OWL + "onProperty"), property_),
            Triple(node, NamedNode(OWL + "maxCardinality"), value),
        ]

    def _differ(self) -> None:
        if len(self.different) < 2:
            return
        cell: Node = _NIL
        for number, individual in enumerate(sorted(self.different, key=str, reverse=True)):
            rest, cell = cell, BlankNode(f"different{number}")
            self.triples.append(Triple(cell, NamedNode(RDF + "first"), individual))
            self.triples.append(Triple(cell, NamedNode(RDF + "rest"), rest))
        axiom = BlankNode("different")
        self.triples.append(Triple(axiom, _TYPE, NamedNode(OWL + "AllDifferent")))
        self.triples.append(Triple(axiom, NamedNode(OWL + "distinctMembers"), cell))


def _search(given: ReasonerInput, deadline: float) -> tuple[list[Triple], bool]:
    """Find few statements that contradict each other under the axioms.

    :param given: an inconsistent input.
    :param deadline: when to stop.
    :returns: the statements, none where the axioms alone contradict each other; and whether all are needed.
    """
    background = [*given.axioms, *given.assumptions]
    needed: list[Triple] = []
    rest = list(given.statements)

    def holds(statements: Iterable[Triple]) -> bool:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return hermit.is_consistent([*background, *statements], timeout_s=left)

    try:
        # Each round finds the last statement of the shortest inconsistent beginning: one that is part of
        # every contradiction in that beginning.
        while holds(needed):
            low, high = 1, len(rest)
            while low < high:
                middle = (low + high) // 2
                if holds([*needed, *rest[:middle]]):
                    low = middle + 1
                else:
                    rest, high = rest[:middle], middle
            needed.append(rest[low - 1])
            rest = rest[: low - 1]
    except (TimeoutError, ReasonerFailed):
        return [*needed, *rest], False
    return needed, True


class _Report:
    """Turn what was found into findings, with the claims and the places of the statements."""

    def __init__(
        self, prefixes: Prefixes, axioms: Axioms, quads: Iterable[Quad], locations: Locations | None
    ) -> None:
        self.prefixes = prefixes
        self._axioms = axioms
        self._quads = quads
        self._locations = locations
        self._graphs_of: dict[Triple, list[str]] | None = None

    def _graphs(self, triple: Triple) -> list[str]:
        """Name the graphs in which a triple stands, claims first."""
        if self._graphs_of is None:
            self._graphs_of = defaultdict(list)
            for quad in self._quads:
                if isinstance(quad.graph_name, NamedNode):
                    key = Triple(quad.subject, quad.predicate, quad.object)
                    self._graphs_of[key].append(quad.graph_name.value)
        return sorted(
            self._graphs_of.get(triple, ()), key=lambda name: (not name.startswith(CLAIM_BASE), name)
        )

    def of_contradiction(self, contradiction: Contradiction) -> Finding:
        """Report a contradiction that the diagnosis explains."""
        parts = [self._statement(triple) for triple in contradiction.statements[:_SHOWN]]
        if len(contradiction.statements) > _SHOWN:
            parts.append("…")
        parts += contradiction.axioms
        detail = "; ".join(parts)
        return self._finding(
            contradiction.kind,
            contradiction.message + (f": {detail}. Correct one of these." if detail else "."),
            contradiction.message_zh + (f"：{detail}。请更正其中之一。" if detail else "。"),
            contradiction.statements,
            contradiction.about,
        )

    def of_search(self, statements: list[Triple], is_minimal: bool) -> Finding:
        """Report statements of which it is known only that they contradict each other."""
        detail = "; ".join(self._statement(triple) for triple in statements[:_SHOWN])
        if not statements:
            message = (
                "the axioms of the ontology contradict each other, without any data; undo the last change."
            )
            message_zh = "本体的公理自相矛盾（与数据无关）；请撤销最近的更改。"
        elif is_minimal:
            message = (
                f"these statements cannot all be true: {detail}. Correct one of them, or an axiom about them."
            )
            message_zh = f"以下陈述不可能同时为真：{detail}。请更正其中之一，或更正相关公理。"
        else:
            number = len(statements)
            message = (
                f"{number} statements contradict each other, and there was not time enough to find out which "
                f"of them do; the first: {detail}. Undo the last changes and make them again one by one."
            )
            message_zh = (
                f"有 {number} 条陈述相互矛盾，但时间不足以查明是哪几条；前几条为：{detail}。"
                "请撤销最近的更改，再逐条加入。"
            )
        return self._finding("inconsistent", message, message_zh, tuple(statements), None)

    def _finding(
        self,
        rule: str,
        message: str,
        message_zh: str,
        statements: Iterable[Triple],
        about: object,
    ) -> Finding:
        sources = [(triple, graph) for triple in statements for graph in self._graphs(triple)]
        sources.sort(key=lambda source: not source[1].startswith(CLAIM_BASE))
        claims = [graph for _, graph in sources if graph.startswith(CLAIM_BASE)]
        location = self._location(sources, about)
        subject = claims[0] if claims else about.value if isinstance(about, NamedNode) else None
        return Finding(
            Severity.ERROR,
            rule,
            message,
            message_zh=message_zh,
            file=location.file if location else None,
            line=location.line if location else None,
            column=location.column if location else None,
            subject=subject,
        )

    def _location(self, sources: list[tuple[Triple, str]], about: object) -> Location | None:
        if self._locations is None:
            return None
        for triple, graph in sources:
            if isinstance(triple.subject, NamedNode) and not isinstance(triple.object, Triple):
                claim = graph if graph.startswith(CLAIM_BASE) else None
                location = self._locations.find(
                    triple.subject.value, triple.predicate.value, triple.object, claim
                )
                if location is not None:
                    return location
        return self._locations.find(about.value) if isinstance(about, NamedNode) else None

    def _statement(self, triple: Triple) -> str:
        words = [self._name(term) for term in (triple.subject, triple.predicate, triple.object)]
        if triple.predicate == _TYPE:
            words[1] = "a"
        graphs = ", ".join(self.prefixes.shorten(graph) for graph in self._graphs(triple))
        return " ".join(words) + (f" ({graphs})" if graphs else "")

    def _name(self, term: object) -> str:
        return self.prefixes.shorten(term.value) if isinstance(term, NamedNode) else str(term)
