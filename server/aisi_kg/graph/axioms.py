"""The axioms of the ontology, read from its triples: for the reasoner and for explaining faults."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

__all__ = ["OWL", "RDF", "RDFS", "XSD", "Axioms", "Node", "Restriction", "Term"]

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal

_MINIMUM = ("minCardinality", "minQualifiedCardinality", "cardinality", "qualifiedCardinality")
_MAXIMUM = ("maxCardinality", "maxQualifiedCardinality", "cardinality", "qualifiedCardinality")


@dataclass(frozen=True)
class Restriction:
    """Hold what a class asks of the values that its members have for a property.

    :param property: the property.
    :param minimum: how many values there are at least.
    :param maximum: how many there are at most; None where there is no bound.
    :param filler: the class that is asked of the values counted, or of all of them; None for any.
    :param universal: whether the filler is asked of all values.
    """

    property: NamedNode
    minimum: int = 0
    maximum: int | None = None
    filler: Node | None = None
    universal: bool = False


class Axioms:
    """Read the axioms that stand among triples.

    :param triples: the ontology's triples; the data may be among them.
    """

    def __init__(self, triples: Iterable[Triple]) -> None:
        self._objects: dict[tuple[Node, str], list[Term]] = defaultdict(list)
        self._instances: dict[str, list[Node]] = defaultdict(list)
        self._subjects: dict[str, list[Node]] = defaultdict(list)
        # In one order, so that what is found first is the same in each run.
        for triple in sorted(triples, key=str):
            subject, predicate, object_ = triple.subject, triple.predicate.value, triple.object
            if isinstance(subject, Triple) or isinstance(object_, Triple):
                continue
            self._objects[subject, predicate].append(object_)
            if predicate == RDF + "type" and isinstance(object_, NamedNode):
                self._instances[object_.value].append(subject)
            if predicate.startswith((RDFS, OWL)):
                self._subjects[predicate].append(subject)

    def instances(self, *kinds: str) -> set[NamedNode]:
        """Give what has a type.

        :param kinds: IRIs of types.
        :returns: the IRIs that one of the types is stated of.
        """
        return {node for kind in kinds for node in self._instances[kind] if isinstance(node, NamedNode)}

    @cached_property
    def classes(self) -> set[NamedNode]:
        """Give the declared classes."""
        return self.instances(OWL + "Class")

    @cached_property
    def defined_classes(self) -> set[NamedNode]:
        """Give the classes whose members a reasoner can find by what they are like."""
        subjects = self._subjects[OWL + "equivalentClass"]
        return {node for node in subjects if isinstance(node, NamedNode)}

    @cached_property
    def object_properties(self) -> set[NamedNode]:
        """Give the declared object properties."""
        kinds = ("ObjectProperty", "SymmetricProperty", "TransitiveProperty", "InverseFunctionalProperty")
        return self.instances(*(OWL + kind for kind in kinds))

    @cached_property
    def data_properties(self) -> set[NamedNode]:
        """Give the declared datatype properties."""
        return self.instances(OWL + "DatatypeProperty")

    @cached_property
    def annotation_properties(self) -> set[NamedNode]:
        """Give the declared annotation properties, with those of OWL itself."""
        own = ("label", "comment", "seeAlso", "isDefinedBy")
        return self.instances(OWL + "AnnotationProperty") | {NamedNode(RDFS + name) for name in own}

    @cached_property
    def elements(self) -> set[NamedNode]:
        """Give all classes, properties, datatypes and ontologies."""
        kinds = self.instances(OWL + "Ontology", RDFS + "Datatype")
        properties = self.object_properties | self.data_properties | self.annotation_properties
        return self.classes | properties | kinds

    def objects(self, subject: Node, predicate: str) -> list[Term]:
        """Give the objects of a subject's statements.

        :param subject: the subject.
        :param predicate: the predicate's IRI.
        :returns: the objects, sorted.
        """
        return self._objects.get((subject, predicate), [])

    def nodes(self, subject: Node, predicate: str) -> list[Node]:
        """Give the objects of a subject's statements that are no literals.

        :param subject: the subject.
        :param predicate: the predicate's IRI.
        :returns: the objects, sorted.
        """
        return [node for node in self.objects(subject, predicate) if not isinstance(node, Literal)]

    def members(self, node: Node) -> list[Node]:
        """Read an RDF list.

        :param node: its first cell.
        :returns: the members that are no literals; none where it is no list.
        """
        found: list[Node] = []
        seen: set[Node] = set()
        while node not in seen:
            seen.add(node)
            found += self.nodes(node, RDF + "first")[:1]
            node = next(iter(self.nodes(node, RDF + "rest")), node)
        return found

    def groups(self, kind: str, *lists: str) -> Iterator[list[Node]]:
        """Give the members of axioms such as ``owl:AllDifferent``.

        :param kind: the axiom's type.
        :param lists: the properties that may give its list.
        :returns: the members of each axiom.
        """
        for axiom in self._instances[kind]:
            for name in lists:
                for node in self.nodes(axiom, name):
                    yield self.members(node)

    def pairs(self, predicate: str) -> Iterator[tuple[NamedNode, NamedNode]]:
        """Give what a property of OWL relates, IRIs alone.

        :param predicate: the property's IRI.
        :returns: subject and object of each statement.
        """
        for subject in dict.fromkeys(self._subjects[predicate]):
            for node in self.nodes(subject, predicate):
                if isinstance(subject, NamedNode) and isinstance(node, NamedNode):
                    yield subject, node

    @cached_property
    def disjoint_classes(self) -> dict[NamedNode, set[NamedNode]]:
        """Give for each class those that are declared disjoint with it."""
        disjoint: dict[NamedNode, set[NamedNode]] = defaultdict(set)
        groups = list(self.groups(OWL + "AllDisjointClasses", OWL + "members"))
        groups += [
            self.members(node)
            for subject in self._subjects[OWL + "disjointUnionOf"]
            for node in self.nodes(subject, OWL + "disjointUnionOf")
        ]
        groups += [list(pair) for pair in self.pairs(OWL + "disjointWith")]
        groups += [list(pair) for pair in self.pairs(OWL + "complementOf")]
        for group in groups:
            for one, other in combinations([node for node in group if isinstance(node, NamedNode)], 2):
                disjoint[one].add(other)
                disjoint[other].add(one)
        return disjoint

    def superclasses(self, cls: NamedNode) -> set[NamedNode]:
        """Give a class and all named classes above it.

        :param cls: the class.
        :returns: the classes that its axioms name, owl:Thing apart.
        """
        found: set[NamedNode] = set()
        waiting: list[Node] = [cls]
        seen: set[Node] = set()
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            if isinstance(node, NamedNode):
                found.add(node)
            waiting += self._above(node)
        return found - {NamedNode(OWL + "Thing")}

    def _above(self, node: Node) -> list[Node]:
        """Give the expressions whose members all members of a class expression are."""
        above = self.nodes(node, RDFS + "subClassOf") + self.nodes(node, OWL + "equivalentClass")
        for members in self.nodes(node, OWL + "intersectionOf"):
            above += self.members(members)
        return above

    def alternatives(self, node: Node) -> list[Node]:
        """Give the classes of which a member of a class expression belongs to at least one.

        :param node: a class or a union of classes.
        :returns: the union's members, or the class alone.
        """
        unions = [self.members(members) for members in self.nodes(node, OWL + "unionOf")]
        return unions[0] if unions else [node]

    def demands(self, cls: NamedNode) -> list[Restriction]:
        """Give what a class asks of its members.

        :param cls: the class.
        :returns: the restrictions on it and on the classes above it.
        """
        found: dict[Restriction, None] = {}
        waiting: list[Node] = [cls]
        seen: set[Node] = set()
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            waiting += self._above(node)
            restriction = self.restriction(node)
            if restriction is not None:
                found[restriction] = None
        return list(found)

    def restriction(self, node: Node) -> Restriction | None:
        """Read a restriction.

        :param node: a class expression.
        :returns: the restriction; None where the expression is none, or one on an inverse property.
        """
        on = next(iter(self.nodes(node, OWL + "onProperty")), None)
        if not isinstance(on, NamedNode):
            return None
        filler = next(iter(self.nodes(node, OWL + "onClass")), None)
        for some in self.objects(node, OWL + "someValuesFrom"):
            return Restriction(on, 1, None, some if not isinstance(some, Literal) else None)
        for every in self.nodes(node, OWL + "allValuesFrom"):
            return Restriction(on, 0, None, every, universal=True)
        if self.objects(node, OWL + "hasValue"):
            return Restriction(on, 1)
        minimum = self._number(node, _MINIMUM)
        return Restriction(on, minimum or 0, self._number(node, _MAXIMUM), filler)

    def restrictions(self) -> Iterator[Restriction]:
        """Give all restrictions, wherever they stand.

        :returns: the restrictions.
        """
        for node in self._subjects[OWL + "onProperty"]:
            restriction = self.restriction(node)
            if restriction is not None:
                yield restriction

    def _number(self, node: Node, predicates: Iterable[str]) -> int | None:
        for predicate in predicates:
            for value in self.objects(node, OWL + predicate):
                if isinstance(value, Literal) and value.value.isdecimal():
                    return int(value.value)
        return None
