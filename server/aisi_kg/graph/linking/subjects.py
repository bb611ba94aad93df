"""The entities that can be linked, and what the curated files say of them that an item may say, too."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad

from aisi_kg.graph.linking.items import ITEM_BASE
from aisi_kg.graph.linking.kinds import Kind, kind_of
from aisi_kg.graph.prefixes import AISI, ENTITIES_GRAPH, ENTITY_BASE
from aisi_kg.graph.sssom import MappingSet

__all__ = ["Subject", "Thing", "subjects_of"]

_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_ORG = "http://www.w3.org/ns/org#"
_NAMES = (_SKOS + "prefLabel", _SKOS + "altLabel", _RDFS + "label")
_PARENTS = (AISI + "hasParentAgency", _ORG + "subOrganizationOf")
_LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Thing:
    """Hold something that an entity is related to.

    :param item: id of the item that it is mapped to exactly; empty where it is not.
    :param names: what it is called, in both languages.
    """

    item: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Subject:
    """Hold an entity with what is known of it.

    :param iri: its IRI.
    :param names: what it is called by language, the preferred name first.
    :param kind: what its item is.
    :param is_linkable: it is looked for where nobody names it.
    :param classes: its classes with all above them.
    :param countries: the jurisdictions that it belongs to.
    :param parents: what it is part of.
    :param years: years in which it was established.
    :param positions: what somebody was appointed to: role and body, each by its names.
    """

    iri: str
    names: Mapping[str, tuple[str, ...]]
    kind: Kind
    is_linkable: bool
    classes: frozenset[str]
    countries: tuple[Thing, ...] = ()
    parents: tuple[Thing, ...] = ()
    years: frozenset[str] = frozenset()
    positions: tuple[tuple[Thing, Thing], ...] = field(default=())

    @property
    def slug(self) -> str:
        """Give the last part of its IRI."""
        return self.iri.removeprefix(ENTITY_BASE)

    @property
    def curie(self) -> str:
        """Give its name as the files have it."""
        return f"entity:{self.slug}"

    def name(self, language: str = "en") -> str:
        """Give its preferred name.

        :param language: ``en`` or ``zh``.
        :returns: the name; that in the other language where it has none.
        """
        for each in (language, *_LANGUAGES):
            for name in self.names.get(each, ()):
                return name
        return self.slug


def subjects_of(quads: Iterable[Quad], mappings: MappingSet | None) -> dict[str, Subject]:
    """Find the entities of the curated files.

    :param quads: what the files say.
    :param mappings: the mappings, so that what is mapped can be compared by its item.
    :returns: the entities by IRI, in that order.
    """
    graph = _Graph(quads)
    items = {
        row.iri("subject_id"): row.iri("object_id").removeprefix(ITEM_BASE)
        for row in (mappings.rows if mappings else ())
        if row.is_same
    }
    return {iri: graph.subject(iri, items) for iri in sorted(graph.entities)}


class _Graph:
    """Look up what the files say, whichever graph says it."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._values: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
        self._of: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.entities: set[str] = set()
        for quad in quads:
            subject, value = quad.subject, quad.object
            if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
                continue
            self._values[subject.value][quad.predicate.value].append(value)
            if isinstance(value, NamedNode):
                self._of[quad.predicate.value, value.value].append(subject.value)
            is_entity = subject.value.startswith(ENTITY_BASE) and quad.predicate.value == _RDF_TYPE
            if is_entity and _in_entities(quad):
                self.entities.add(subject.value)

    def subject(self, iri: str, items: Mapping[str, str]) -> Subject:
        def things(iris: Iterable[str]) -> tuple[Thing, ...]:
            return tuple(Thing(items.get(each, ""), self._all_names(each)) for each in dict.fromkeys(iris))

        classes = frozenset(self._above(self._iris(iri, _RDF_TYPE)))
        kind, is_linkable = kind_of(classes)
        return Subject(
            iri,
            {language: names for language in _LANGUAGES if (names := self._names(iri, language))},
            kind,
            is_linkable,
            classes,
            things(self._iris(iri, AISI + "instituteOf")),
            things(each for property_ in _PARENTS for each in self._iris(iri, property_)),
            frozenset(self._years(iri)),
            tuple(self._positions(iri, items)),
        )

    def _iris(self, subject: str, property_: str) -> list[str]:
        return [v.value for v in self._values[subject][property_] if isinstance(v, NamedNode)]

    def _above(self, classes: Iterable[str]) -> set[str]:
        found: set[str] = set()
        waiting = list(classes)
        while waiting:
            cls = waiting.pop()
            if cls not in found:
                found.add(cls)
                waiting += self._iris(cls, _RDFS + "subClassOf")
        return found

    def _names(self, subject: str, language: str) -> tuple[str, ...]:
        values = (value for each in _NAMES for value in self._values[subject][each])
        found = (v.value for v in values if isinstance(v, Literal) and v.language == language)
        return tuple(dict.fromkeys(found))

    def _all_names(self, subject: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for each in _LANGUAGES for name in self._names(subject, each)))

    def _years(self, subject: str) -> Iterator[str]:
        for event in self._of[AISI + "establishes", subject]:
            for value in self._values[event][AISI + "date"]:
                yield value.value[:4]

    def _positions(self, person: str, items: Mapping[str, str]) -> Iterator[tuple[Thing, Thing]]:
        for appointment in dict.fromkeys(self._of[_ORG + "member", person]):
            bodies = [*self._iris(appointment, _ORG + "organization"), ""]
            for role in dict.fromkeys(self._iris(appointment, _ORG + "role")):
                body = Thing(items.get(bodies[0], ""), self._all_names(bodies[0]))
                yield Thing("", self._all_names(role)), body


def _in_entities(quad: Quad) -> bool:
    graph = quad.graph_name
    return isinstance(graph, NamedNode) and graph.value == ENTITIES_GRAPH
