"""Find what contradicts what, in words.

A reasoner that finds a contradiction says that there is one. The usual ones are found here: a thing in two
disjoint classes (a wrong domain or range ends there too), a value of the wrong datatype, too many or too few
values, one thing that is two. Each names the axioms and the statements that it rests on.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations, product

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from aisi_kg.graph.axioms import OWL, RDF, RDFS, XSD, Axioms, Node, Restriction, Term
from aisi_kg.graph.literals import lexical_fault
from aisi_kg.graph.prefixes import Prefixes
from aisi_kg.graph.rules import Closure

__all__ = ["Contradiction", "Diagnosis"]

_TYPE = NamedNode(RDF + "type")
_SAME = NamedNode(OWL + "sameAs")
_DIFFERENT = NamedNode(OWL + "differentFrom")

_INTEGERS = frozenset(
    XSD + name
    for name in (
        "integer nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger long int short byte "
        "unsignedLong unsignedInt unsignedShort unsignedByte"
    ).split()
)
_STRINGS = {XSD + "string", RDF + "langString", RDF + "PlainLiteral"}


@dataclass(frozen=True)
class Contradiction:
    """Hold one contradiction.

    :param kind: short name of its kind.
    :param about: what it is about.
    :param message: what cannot be, in English, without a full stop.
    :param message_zh: the same in Chinese.
    :param statements: the asserted statements about things that it rests on.
    :param axioms: the axioms that it rests on, as Turtle or in words that stand for themselves.
    """

    kind: str
    about: NamedNode
    message: str
    message_zh: str
    statements: tuple[Triple, ...]
    axioms: tuple[str, ...] = ()


@dataclass
class Diagnosis:
    """Look for contradictions in triples and what follows from them by rules.

    :param closure: the triples, with what follows.
    :param axioms: the ontology's axioms.
    :param prefixes: the project's prefixes, for messages.
    :param different: individuals that the reasoner takes as all different.
    :param known: for individual and property the number of values that the reasoner takes as all there are.
    """

    closure: Closure
    axioms: Axioms
    prefixes: Prefixes
    different: frozenset[NamedNode] = frozenset()
    known: Mapping[tuple[NamedNode, NamedNode], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._types: dict[Term, dict[NamedNode, None]] = defaultdict(dict)
        for triple in sorted(self.closure.triples(None, _TYPE), key=str):
            if isinstance(triple.object, NamedNode) and triple.subject not in self.axioms.elements:
                self._types[_term(triple.subject)][triple.object] = None
        self._above: dict[NamedNode, set[NamedNode]] = {}
        lists = (OWL + "members", OWL + "distinctMembers")
        self._groups = [frozenset(group) for group in self.axioms.groups(OWL + "AllDifferent", *lists)]

    def contradictions(self) -> list[Contradiction]:
        """Find the contradictions.

        :returns: one for each set of statements that contradict each other, the same in each run.
        """
        found: dict[tuple[frozenset[Triple], str], Contradiction] = {}
        seen: set[frozenset[Triple]] = set()
        for contradiction in self._all():
            statements = frozenset(contradiction.statements)
            # One slip shows in many ways; the first says enough.
            if statements not in seen or not statements:
                seen.add(statements)
                found.setdefault((statements, contradiction.message), contradiction)
        return list(found.values())

    def _all(self) -> Iterator[Contradiction]:
        yield from self._in_disjoint_classes()
        yield from self._outside_unions()
        yield from self._of_wrong_datatype()
        yield from self._of_functional_properties()
        yield from self._of_demands()
        yield from self._same_and_different()
        yield from self._of_property_kinds()
        yield from self._of_negative_statements()

    def empty_classes(self, classes: Iterable[NamedNode]) -> Iterator[Contradiction]:
        """Say of classes that can have no member why that is.

        :param classes: the classes.
        :returns: for each of them what contradicts what, or that no more is known.
        """
        for cls in sorted(classes, key=str):
            name = self._name(cls)
            clash = self._disjoint(self._superclasses(cls), self._superclasses(cls))
            if clash is None:
                yield Contradiction(
                    "unsatisfiable-class",
                    cls,
                    f"{name} can have no member; look at what it, its superclasses and the domains and "
                    "ranges of the properties in its axioms demand together",
                    f"{name} 不可能有任何成员；请检查该类、其上位类及相关属性的定义域和值域的共同要求",
                    (),
                )
                continue
            one, other = (self._name(part) for part in clash)
            yield Contradiction(
                "unsatisfiable-class",
                cls,
                f"{name} can have no member, since it is below both {one} and {other}, which are disjoint",
                f"{name} 不可能有任何成员：它同时位于不相交的 {one} 和 {other} 之下",
                (),
            )

    # The kinds of contradiction.

    def _in_disjoint_classes(self) -> Iterator[Contradiction]:
        for about, types in self._types.items():
            if not isinstance(about, NamedNode):
                continue
            clash = self._cheapest_clash(about)
            if clash is not None:
                below, classes = clash
                yield self._contradiction(
                    "inconsistent-classes",
                    about,
                    "{0} cannot belong to both {1} and {2}, which are disjoint",
                    "{0} 不能同时属于不相交的 {1} 和 {2}",
                    tuple(self._name(cls) for cls in classes),
                    [Triple(about, _TYPE, cls) for cls in below],
                )
            if NamedNode(OWL + "Nothing") in types:
                yield self._contradiction(
                    "inconsistent-classes",
                    about,
                    "{0} cannot belong to owl:Nothing",
                    "{0} 不能属于 owl:Nothing",
                    (),
                    [Triple(about, _TYPE, NamedNode(OWL + "Nothing"))],
                )

    def _outside_unions(self) -> Iterator[Contradiction]:
        """Domains and ranges that are unions; from a single class the rules infer a type."""
        for word, word_zh, predicate in (("domain", "定义域", "domain"), ("range", "值域", "range")):
            for property_ in sorted(self.axioms.object_properties | self.axioms.data_properties, key=str):
                for node in self.axioms.nodes(property_, RDFS + predicate):
                    alternatives = self.axioms.alternatives(node)
                    if len(alternatives) < 2:
                        continue
                    names = " | ".join(self._name(part) for part in alternatives)
                    for triple in sorted(self.closure.triples(None, property_), key=str):
                        about = _term(triple.subject if predicate == "domain" else triple.object)
                        clashes = [self._clash(about, part) for part in alternatives]
                        if not isinstance(about, NamedNode) or None in clashes:
                            continue
                        types = dict.fromkeys(clash for clash in clashes if clash is not None)
                        yield self._contradiction(
                            f"inconsistent-{predicate}",
                            about,
                            f"{{0}} belongs to no class in the {word} of {{1}}, which is {{2}}",
                            f"{{0}} 不属于 {{1}} 的{word_zh}（{{2}}）中的任何一类",
                            (self._name(property_), names),
                            [triple, *(Triple(about, _TYPE, cls) for cls in types)],
                            [f"{self._name(property_)} rdfs:{predicate} {names}"],
                        )

    def _of_wrong_datatype(self) -> Iterator[Contradiction]:
        for property_ in sorted(self.axioms.data_properties, key=str):
            for datatype in self.axioms.nodes(property_, RDFS + "range"):
                if not isinstance(datatype, NamedNode):
                    continue
                for triple in sorted(self.closure.triples(None, property_), key=str):
                    about, value = triple.subject, triple.object
                    if not isinstance(about, NamedNode) or not isinstance(value, Literal):
                        continue
                    if not _is_in(value, datatype.value):
                        yield self._contradiction(
                            "inconsistent-datatype",
                            about,
                            "{0} has {2} for {1}, whose values are {3}",
                            "{0} 的 {1} 取值为 {2}，而其取值应为 {3}",
                            (self._name(property_), self._name(value), self._name(datatype)),
                            [triple],
                            [f"{self._name(property_)} rdfs:range {self._name(datatype)}"],
                        )

    def _of_functional_properties(self) -> Iterator[Contradiction]:
        for property_ in sorted(self.axioms.instances(OWL + "FunctionalProperty"), key=str):
            values: dict[NamedNode, list[Term]] = defaultdict(list)
            for triple in sorted(self.closure.triples(None, property_), key=str):
                if isinstance(triple.subject, NamedNode):
                    values[triple.subject].append(_term(triple.object))
            for about, found in values.items():
                several = self._different_ones(found, 2)
                if several:
                    yield self._too_many(about, property_, 1, several, [], "owl:FunctionalProperty")
        for property_ in sorted(self.axioms.instances(OWL + "InverseFunctionalProperty"), key=str):
            subjects: dict[NamedNode, list[Term]] = defaultdict(list)
            for triple in sorted(self.closure.triples(None, property_), key=str):
                if isinstance(triple.object, NamedNode):
                    subjects[triple.object].append(_term(triple.subject))
            for about, found in subjects.items():
                several = self._different_ones(found, 2)
                if several:
                    nodes = [node for node in several if isinstance(node, NamedNode)]
                    yield self._contradiction(
                        "inconsistent-number",
                        about,
                        "{0} is the value of {1} for {2}, and may be it for one thing alone",
                        "{0} 是 {2} 的 {1} 取值，而它只能是一个事物的取值",
                        (self._name(property_), self._list(nodes)),
                        [Triple(node, property_, about) for node in nodes],
                        [f"{self._name(property_)} a owl:InverseFunctionalProperty"],
                    )

    def _of_demands(self) -> Iterator[Contradiction]:
        demands = {cls: self.axioms.demands(cls) for types in self._types.values() for cls in types}
        for about, types in self._types.items():
            if not isinstance(about, NamedNode):
                continue
            asked = {demand: cls for cls in types for demand in demands[cls]}
            for demand, cls in asked.items():
                yield from self._of_demand(about, cls, demand)

    def _of_demand(self, about: NamedNode, cls: NamedNode, demand: Restriction) -> Iterator[Contradiction]:
        property_ = demand.property
        is_member = Triple(about, _TYPE, cls)
        values = sorted((_term(t.object) for t in self.closure.triples(about, property_)), key=str)
        if demand.universal:
            for value in values:
                clash = self._clash(value, demand.filler) if demand.filler else None
                if clash is not None and isinstance(value, NamedNode):
                    yield self._contradiction(
                        "inconsistent-value",
                        about,
                        "{0} belongs to {1}, whose {2} are all {3}, but {4} is not",
                        "{0} 属于 {1}，其 {2} 均应为 {3}，而 {4} 不是",
                        tuple(self._name(n) for n in (cls, property_, demand.filler, value) if n),
                        [is_member, Triple(about, property_, value), Triple(value, _TYPE, clash)],
                    )
            return
        if demand.maximum is not None:
            counted = [value for value in values if demand.filler is None or self._is_a(value, demand.filler)]
            several = self._different_ones(counted, demand.maximum + 1)
            if several:
                yield self._too_many(about, property_, demand.maximum, several, [is_member], self._name(cls))
        known = self.known.get((about, property_))
        if known is not None and known < demand.minimum:
            name = self._name(property_)
            yield self._contradiction(
                "inconsistent-number",
                about,
                "{0} belongs to {1} and so has {2} of {3} at least, but the {4} that are "
                "stated are taken as all",
                "{0} 属于 {1}，故至少应有 {2} 个 {3}，而所陈述的 {4} 个被视为全部",
                (self._name(cls), str(demand.minimum), name, str(known)),
                [is_member, *(Triple(about, property_, value) for value in values)],
                [f"{name} aisi:closedInReasoning true"],
            )

    def _too_many(
        self,
        about: NamedNode,
        property_: NamedNode,
        maximum: int,
        values: list[Term],
        because: list[Triple],
        who: str,
    ) -> Contradiction:
        return self._contradiction(
            "inconsistent-number",
            about,
            "{0} has {1} for {2}, and may have {3} at most ({4})",
            "{0} 的 {2} 取值为 {1}，而至多只能有 {3} 个（{4}）",
            (self._list(values), self._name(property_), str(maximum), who),
            [*because, *(Triple(about, property_, value) for value in values)],
        )

    def _same_and_different(self) -> Iterator[Contradiction]:
        named: dict[NamedNode, list[NamedNode]] = defaultdict(list)
        for triple in sorted(self.closure.triples(None, _SAME), key=str):
            one, other = triple.subject, triple.object
            if not isinstance(one, NamedNode) or not isinstance(other, NamedNode):
                continue
            named[other].append(one)
            because = self._why_different(one, other)
            if because is not None and one != other:
                yield self._contradiction(
                    "inconsistent-identity",
                    one,
                    "{0} and {1} cannot be one thing, since they are different",
                    "{0} 和 {1} 不可能是同一事物，二者不同",
                    (self._name(other),),
                    [triple, *because],
                )
        for name, individuals in named.items():
            for one, other in combinations(individuals, 2):
                because = self._why_different(one, other)
                if because is not None:
                    yield self._contradiction(
                        "inconsistent-identity",
                        one,
                        "{0} and {1} cannot both be {2}, since they are different",
                        "{0} 和 {1} 不可能都是 {2}，二者不同",
                        (self._name(other), self._name(name)),
                        [Triple(one, _SAME, name), Triple(other, _SAME, name), *because],
                    )

    def _of_property_kinds(self) -> Iterator[Contradiction]:
        for property_ in sorted(self.axioms.instances(OWL + "IrreflexiveProperty"), key=str):
            for triple in sorted(self.closure.triples(None, property_), key=str):
                if triple.subject == triple.object:
                    yield self._related_wrongly(
                        [triple], [f"{self._name(property_)} a owl:IrreflexiveProperty"]
                    )
        for property_ in sorted(self.axioms.instances(OWL + "AsymmetricProperty"), key=str):
            for triple in sorted(self.closure.triples(None, property_), key=str):
                if isinstance(triple.object, NamedNode) and isinstance(triple.subject, NamedNode):
                    back = Triple(triple.object, property_, triple.subject)
                    if back in self.closure and str(triple) <= str(back):
                        axiom = f"{self._name(property_)} a owl:AsymmetricProperty"
                        yield self._related_wrongly([triple, back], [axiom])
        groups: list[list[Node]] = [list(pair) for pair in self.axioms.pairs(OWL + "propertyDisjointWith")]
        groups += self.axioms.groups(OWL + "AllDisjointProperties", OWL + "members")
        for group in groups:
            for one, other in combinations([node for node in group if isinstance(node, NamedNode)], 2):
                for triple in sorted(self.closure.triples(None, one), key=str):
                    also = Triple(triple.subject, other, triple.object)
                    if also in self.closure:
                        axiom = f"{self._name(one)} owl:propertyDisjointWith {self._name(other)}"
                        yield self._related_wrongly([triple, also], [axiom])

    def _of_negative_statements(self) -> Iterator[Contradiction]:
        for node in sorted(self.closure.triples(None, NamedNode(OWL + "assertionProperty")), key=str):
            if not isinstance(node.object, NamedNode) or not isinstance(node.subject, BlankNode):
                continue
            values = self.axioms.objects(node.subject, OWL + "targetIndividual")
            values = values + self.axioms.objects(node.subject, OWL + "targetValue")
            for source, value in product(self.axioms.nodes(node.subject, OWL + "sourceIndividual"), values):
                positive = Triple(source, node.object, value)
                if positive in self.closure:
                    yield self._related_wrongly([positive], ["owl:NegativePropertyAssertion"])

    def _related_wrongly(self, triples: list[Triple], axioms: list[str]) -> Contradiction:
        about = triples[0].subject
        if not isinstance(about, NamedNode):
            raise TypeError(f"no statement about a named thing: {triples[0]}")
        statements = ", ".join(self._statement(triple) for triple in triples)
        return self._contradiction(
            "inconsistent-relation",
            about,
            "what is said of {0} cannot be: {1}",
            "关于 {0} 的陈述不可能成立：{1}",
            (statements,),
            triples,
            axioms,
        )

    # What the kinds share.

    def _contradiction(
        self,
        kind: str,
        about: NamedNode,
        message: str,
        message_zh: str,
        words: tuple[str, ...],
        because: Iterable[Triple],
        axioms: Iterable[str] = (),
    ) -> Contradiction:
        words = (self._name(about), *words)
        statements: dict[Triple, None] = {}
        named: dict[str, None] = dict.fromkeys(axioms)
        for triple in because:
            explanation = self.closure.explain(triple)
            for leaf in explanation.asserted() if explanation else [triple]:
                if leaf.subject not in self.axioms.elements and not isinstance(leaf.subject, BlankNode):
                    statements[leaf] = None
                elif isinstance(leaf.subject, NamedNode):
                    named[self._statement(leaf)] = None
        return Contradiction(
            kind, about, message.format(*words), message_zh.format(*words), tuple(statements), tuple(named)
        )

    def _superclasses(self, cls: NamedNode) -> set[NamedNode]:
        if cls not in self._above:
            self._above[cls] = self.axioms.superclasses(cls)
        return self._above[cls]

    def _disjoint(
        self, some: Iterable[NamedNode], others: Iterable[NamedNode]
    ) -> tuple[NamedNode, NamedNode] | None:
        """Find two disjoint classes, one of each collection."""
        others = set(others)
        for one in sorted(some, key=str):
            for other in sorted(self.axioms.disjoint_classes.get(one, set()) & others, key=str):
                return one, other
        return None

    def _clash(self, about: Term, cls: Node | None) -> NamedNode | None:
        """Find the type of a thing by which it cannot belong to a class."""
        if not isinstance(cls, NamedNode):
            return None
        others = self._superclasses(cls)
        clashing = (
            own for own in self._types.get(about, ()) if self._disjoint(self._superclasses(own), others)
        )
        return min(clashing, key=lambda own: self._cost(about, own), default=None)

    def _cheapest_clash(
        self, about: NamedNode
    ) -> tuple[tuple[NamedNode, NamedNode], tuple[NamedNode, NamedNode]] | None:
        """Find the two types of a thing that are easiest to explain, and the disjoint classes above them."""
        types = self._types[about]
        if self._disjoint(types, types) is None:
            return None
        for pair in combinations(sorted(types, key=lambda own: self._cost(about, own)), 2):
            disjoint = self._disjoint(*(self._superclasses(cls) for cls in pair))
            if disjoint is not None:
                return pair, disjoint
        return None

    def _cost(self, about: Term, cls: NamedNode) -> tuple[int, str]:
        """Tell how much it takes to explain that a thing belongs to a class."""
        if isinstance(about, Literal):
            return 0, cls.value
        explanation = self.closure.explain(Triple(about, _TYPE, cls))
        return len(explanation.asserted()) if explanation else 0, cls.value

    def _is_a(self, about: Term, cls: Node) -> bool:
        return cls in self._types.get(about, ()) or cls == NamedNode(OWL + "Thing")

    def _different_ones(self, values: list[Term], number: int) -> list[Term]:
        """Find so many values that are all different; none where there are not so many."""
        found: list[Term] = []
        for value in values:
            if all(self._why_different(value, other) is not None for other in found):
                found.append(value)
                if len(found) == number:
                    return found
        return []

    def _why_different(self, one: Term, other: Term) -> list[Triple] | None:
        """Give the statements by which two things are different; None where they may be one."""
        if isinstance(one, Literal) or isinstance(other, Literal):
            return [] if _value(one) != _value(other) else None
        for first, second in ((one, other), (other, one)):
            if isinstance(first, NamedNode) and isinstance(second, NamedNode):
                triple = Triple(first, _DIFFERENT, second)
                if triple in self.closure:
                    return [triple]
        if one != other:
            if {one, other} <= self.different or any({one, other} <= group for group in self._groups):
                return []
            clash = self._disjoint(self._types.get(one, ()), self._types.get(other, ()))
            if clash is not None:
                return [Triple(one, _TYPE, clash[0]), Triple(other, _TYPE, clash[1])]
        return None

    def _name(self, term: Term) -> str:
        if isinstance(term, NamedNode):
            return self.prefixes.shorten(term.value)
        if isinstance(term, BlankNode):
            members = self.axioms.members(term)
            return f"( {' '.join(self._name(member) for member in members)} )" if members else "[…]"
        if term.language or term.datatype.value == XSD + "string":
            return f'"{term.value}"' + (f"@{term.language}" if term.language else "")
        return f'"{term.value}"^^{self.prefixes.shorten(term.datatype.value)}'

    def _list(self, terms: Iterable[Term]) -> str:
        return ", ".join(self._name(term) for term in terms)

    def _statement(self, triple: Triple) -> str:
        predicate = "a" if triple.predicate == _TYPE else self._name(triple.predicate)
        return f"{self._name(_term(triple.subject))} {predicate} {self._name(_term(triple.object))}"


def _term(term: Term | Triple) -> Term:
    if isinstance(term, Triple):
        raise TypeError(f"a triple stands as a term: {term}")
    return term


def _value(term: Term) -> object:
    """Give what a literal stands for, so that 1 and 01 are one value."""
    if not isinstance(term, Literal):
        return term
    datatype = term.datatype.value
    if (datatype in _INTEGERS or datatype == XSD + "decimal") and lexical_fault(term) is None:
        return Decimal(term.value)
    return term


def _is_in(literal: Literal, datatype: str) -> bool:
    """Tell whether a literal's value belongs to a datatype; of a datatype that is not known, that it does."""
    own = literal.datatype.value
    if datatype == RDF + "PlainLiteral":
        return own in _STRINGS
    if datatype in _INTEGERS or datatype == XSD + "decimal":
        if own not in _INTEGERS and own != XSD + "decimal":
            return False
        if lexical_fault(literal) is not None or datatype == XSD + "decimal":
            return True
        value = Decimal(literal.value)
        return (
            value == int(value)
            and lexical_fault(Literal(str(int(value)), datatype=NamedNode(datatype))) is None
        )
    if datatype.startswith(XSD) or datatype == RDF + "langString":
        return own == datatype
    return True
