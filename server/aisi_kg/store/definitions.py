"""Read what the definition of a class asks of its members, so that it can be shown how one of them meets it.

The reasoner says that something belongs to a class with a definition, and not why. A definition that is put
together from classes, values and numbers of values is turned into patterns that a query can find: one way to
meet it for each choice that the definition leaves.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, count, product

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, Variable

from aisi_kg.graph.axioms import OWL, RDF, RDFS, XSD, Axioms, Node
from aisi_kg.graph.prefixes import AISI
from aisi_kg.store.inquiry import RdfTerm
from aisi_kg.store.library.records import Text

__all__ = ["CLOSED", "Absence", "Pattern", "Way", "class_text", "definitions_of", "ways_to_meet"]

#: A triple, with variables in the place of what is to be found.
Pattern = tuple[Variable | RdfTerm, Variable | RdfTerm, Variable | RdfTerm]

#: Says that the values that are known of a property are taken for all there are.
CLOSED = NamedNode(AISI + "closedInReasoning")
_TRUE = Literal("true", datatype=NamedNode(XSD + "boolean"))
_TYPE = NamedNode(RDF + "type")
_THING = NamedNode(OWL + "Thing")
# Each value more makes another pattern; no definition asks for so many.
_MOST = 12


@dataclass(frozen=True)
class Absence:
    """Say of what no further value is known.

    :param subject: the variable of what has the property.
    :param property: the property.
    :param known: the variables of the values that are known.
    """

    subject: Variable
    property: NamedNode
    known: tuple[Variable, ...]

    def text(self, prefixed: Callable[[RdfTerm], str], subject: str) -> Text:
        """Say it.

        :param prefixed: writes a term.
        :param subject: what has the property.
        :returns: the sentence.
        """
        name = prefixed(self.property)
        if self.known:
            return Text(
                en=(
                    f"No further value of {name} is known of {subject}, and what is known is taken for all "
                    "there is."
                ),
                zh=f"{subject} 的 {name} 别无其他已知取值，且已知者视为全部。",
            )
        return Text(
            en=f"No value of {name} is known of {subject}, and what is known is taken for all there is.",
            zh=f"{subject} 的 {name} 无已知取值，且已知者视为全部。",
        )


@dataclass(frozen=True)
class Way:
    """Hold one way to meet a definition.

    :param patterns: what has to be there, the member being the variable ``x``.
    :param filters: conditions, as SPARQL.
    :param absences: of what no further value may be known.
    """

    patterns: tuple[Pattern, ...] = ()
    filters: tuple[str, ...] = ()
    absences: tuple[Absence, ...] = ()

    def and_(self, other: "Way") -> "Way":
        """Join two ways.

        :param other: what is asked beside.
        :returns: what asks both.
        """
        return Way(
            tuple(dict.fromkeys([*self.patterns, *other.patterns])),
            (*self.filters, *other.filters),
            (*self.absences, *other.absences),
        )


def ways_to_meet(axioms: Axioms, node: Node) -> list[Way]:
    """List the ways to meet a class expression.

    :param axioms: the ontology's axioms.
    :param node: the expression.
    :returns: the ways; none where it has a part that is not known here.
    """
    numbers = count()
    return list(_ways(axioms, node, Variable("x"), lambda: Variable(f"y{next(numbers)}"), frozenset()))


def _ways(
    axioms: Axioms, node: Node, member: Variable, fresh: Callable[[], Variable], above: frozenset[Node]
) -> Iterable[Way]:
    if isinstance(node, NamedNode):
        return [Way()] if node == _THING else [Way(((member, _TYPE, node),))]
    if node in above:
        return []
    inside = above | {node}
    for members in axioms.nodes(node, OWL + "intersectionOf"):
        parts = [list(_ways(axioms, part, member, fresh, inside)) for part in axioms.members(members)]
        return [_all(choice) for choice in product(*parts)]
    for members in axioms.nodes(node, OWL + "unionOf"):
        return [way for part in axioms.members(members) for way in _ways(axioms, part, member, fresh, inside)]
    return _restricted(axioms, node, member, fresh, inside)


def _all(ways: Iterable[Way]) -> Way:
    joined = Way()
    for way in ways:
        joined = joined.and_(way)
    return joined


def _restricted(
    axioms: Axioms, node: Node, member: Variable, fresh: Callable[[], Variable], above: frozenset[Node]
) -> Iterator[Way]:
    on = next(iter(axioms.nodes(node, OWL + "onProperty")), None)
    if on is None:
        return
    inverse = [each for each in axioms.nodes(on, OWL + "inverseOf") if isinstance(each, NamedNode)]
    is_inverse = isinstance(on, BlankNode)
    if is_inverse and not inverse:
        return
    property_ = inverse[0] if is_inverse else on
    if not isinstance(property_, NamedNode):
        return

    def pattern(value: Variable | RdfTerm) -> Pattern:
        return (value, property_, member) if is_inverse else (member, property_, value)

    for value in axioms.objects(node, OWL + "hasValue"):
        yield Way((pattern(value),))
    for some in axioms.nodes(node, OWL + "someValuesFrom"):
        variable = fresh()
        way = Way((pattern(variable),))
        if _is_datatype(some):
            yield way
        else:
            yield from (way.and_(more) for more in _ways(axioms, some, variable, fresh, above))
    restriction = axioms.restriction(node)
    if restriction is None or restriction.universal or restriction.filler is not None or is_inverse:
        return
    if any(axioms.objects(node, OWL + name) for name in ("hasValue", "someValuesFrom")):
        return
    most = restriction.minimum if restriction.maximum is None else restriction.maximum
    for number in range(restriction.minimum, min(most, _MOST) + 1):
        variables = tuple(fresh() for _ in range(number))
        yield _exactly(member, property_, variables, is_bounded=restriction.maximum is not None)


def _exactly(
    member: Variable, property_: NamedNode, values: tuple[Variable, ...], *, is_bounded: bool
) -> Way:
    """Ask for so many different values, and for no other where the number is bounded."""
    patterns: list[Pattern] = [(member, property_, value) for value in values]
    filters = [f"FILTER(STR({one}) < STR({other}))" for one, other in combinations(values, 2)]
    if not is_bounded:
        return Way(tuple(patterns), tuple(filters))
    others = "".join(f" && ?other != {value}" for value in values)
    filters.append(f"FILTER NOT EXISTS {{ {member} {property_} ?other FILTER(true{others}) }}")
    patterns.append((property_, CLOSED, _TRUE))
    return Way(tuple(patterns), tuple(filters), (Absence(member, property_, values),))


def _is_datatype(node: Node) -> bool:
    return isinstance(node, NamedNode) and node.value.startswith((XSD, RDF, RDFS + "Literal"))


def class_text(axioms: Axioms, node: Node, prefixed: Callable[[RdfTerm], str]) -> str:
    """Write a class expression as people do (in OWL's Manchester syntax).

    :param axioms: the ontology's axioms.
    :param node: the expression.
    :param prefixed: writes a term.
    :returns: the text.
    """
    return _text(axioms, node, prefixed, is_part=False)


def _text(axioms: Axioms, node: RdfTerm, prefixed: Callable[[RdfTerm], str], *, is_part: bool = True) -> str:
    if not isinstance(node, BlankNode):
        return prefixed(node)
    for name, word in (("intersectionOf", " and "), ("unionOf", " or ")):
        for members in axioms.nodes(node, OWL + name):
            text = word.join(_text(axioms, part, prefixed) for part in axioms.members(members))
            return f"({text})" if is_part else text
    for part in axioms.nodes(node, OWL + "complementOf"):
        return f"not {_text(axioms, part, prefixed)}"
    text = " ".join(_restriction_text(axioms, node, prefixed))
    return f"({text})" if is_part else text


_WORDS = {
    "someValuesFrom": "some",
    "allValuesFrom": "only",
    "hasValue": "value",
    "minCardinality": "min",
    "maxCardinality": "max",
    "cardinality": "exactly",
    "minQualifiedCardinality": "min",
    "maxQualifiedCardinality": "max",
    "qualifiedCardinality": "exactly",
}


def _restriction_text(axioms: Axioms, node: BlankNode, prefixed: Callable[[RdfTerm], str]) -> Iterator[str]:
    for on in axioms.nodes(node, OWL + "onProperty"):
        inverse = axioms.nodes(on, OWL + "inverseOf") if isinstance(on, BlankNode) else []
        yield f"inverse {prefixed(inverse[0])}" if inverse else prefixed(on)
    for name, word in _WORDS.items():
        for value in axioms.objects(node, OWL + name):
            yield word
            is_number = isinstance(value, Literal) and name not in ("hasValue", "someValuesFrom")
            yield value.value if is_number else _text(axioms, value, prefixed)
    for filler in axioms.nodes(node, OWL + "onClass"):
        yield _text(axioms, filler, prefixed)


def definitions_of(axioms: Axioms) -> Sequence[tuple[NamedNode, Node, Triple]]:
    """List the definitions of classes.

    :param axioms: the ontology's axioms.
    :returns: the class, the expression that it is defined by, and the axiom.
    """
    equivalent = NamedNode(OWL + "equivalentClass")
    return [
        (cls, node, Triple(cls, equivalent, node))
        for cls in sorted(axioms.defined_classes, key=str)
        for node in axioms.nodes(cls, OWL + "equivalentClass")
    ]
