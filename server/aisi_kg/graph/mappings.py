"""Check mappings to other datasets against the entities: who is mapped, to what, and whether the two fit.

A mapping that says too much is worse than none, since everybody who follows it takes over what is said of
the other thing. So each row has to name the entity as the entity is named, an exact match has to tell what
kind of thing the object is, and that kind has to be one of the entity's.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from aisi_kg.graph.findings import Finding, Severity
from aisi_kg.graph.prefixes import ENTITIES_GRAPH, ENTITY_BASE, ONTOLOGY_GRAPH, WIKIDATA_GRAPH
from aisi_kg.graph.sssom import EXACT_MATCH, Fault, MappingRow, MappingSet

__all__ = ["PROPERTIES_SET", "check_mappings", "check_properties", "check_property_terms", "check_set"]

_SKOS = "http://www.w3.org/2004/02/skos/core#"
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_SUBCLASS = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
_NAME = NamedNode(_SKOS + "prefLabel")
_PREDICATES = {_SKOS + name: f"skos:{name}" for name in ("exactMatch", "closeMatch", "broadMatch")}
#: The set of mappings between properties.
PROPERTIES_SET = WIKIDATA_GRAPH + "#properties"
_PROPERTY = re.compile(r"http://www\.wikidata\.org/entity/P[1-9][0-9]*")
_PROPERTY_TYPES = {
    f"http://wikiba.se/ontology#{name}" for name in ("Monolingualtext", "Time", "Url", "WikibaseItem")
}
_LABELS = (_NAME, NamedNode("http://www.w3.org/2000/01/rdf-schema#label"))
_ITEM = re.compile(r"http://www\.wikidata\.org/entity/Q[1-9][0-9]*")


def check_set(mappings: MappingSet) -> Iterator[Fault]:
    """Check what a set of mappings says, without the entities.

    :param mappings: the mappings of ``graph/wikidata``.
    :returns: what is wrong.
    """
    if mappings.id != WIKIDATA_GRAPH:
        yield Fault(
            1, f"mapping_set_id is {mappings.id}; let it be {WIKIDATA_GRAPH}, the graph of the mappings."
        )
    for row in mappings.rows:
        for message in _faults_of(row):
            yield Fault(row.line, message, subject=row.iri("subject_id"))
    yield from _repeated(mappings)


def _faults_of(row: MappingRow) -> Iterator[str]:
    if not row.iri("record_id").startswith(WIKIDATA_GRAPH + "#"):
        yield f"the record_id {row.text('record_id')} is no name in {WIKIDATA_GRAPH}#; correct it."
    predicate = row.iri("predicate_id")
    if predicate not in _PREDICATES:
        known = ", ".join(_PREDICATES.values())
        yield f"the predicate {row.text('predicate_id')} is none of {known}; use one of them."
    if row.is_match and not _ITEM.fullmatch(row.iri("object_id")):
        yield (
            f"the object {row.text('object_id')} is no item of Wikidata; write wikidata: and the item's Q "
            "with its number."
        )
    if row.text("predicate_modifier"):
        yield "a mapping that is denied has no place here; remove the row."
    if not row.is_match and (row.text("object_label") or row.text("object_category")):
        yield "no item was found and there is a label or a kind of it; remove one of the two."
    for slot in ("subject_label", "confidence", "mapping_date", "comment"):
        if not row.text(slot):
            yield f"{slot} is missing; each mapping has one."
    if predicate == EXACT_MATCH and row.is_match and not row.text("object_category"):
        yield "object_category is missing; an exact match tells what kind of thing the item is, as a class."


def _repeated(mappings: MappingSet) -> Iterator[Fault]:
    """Find what two rows must not both say."""
    names: dict[str, MappingRow] = {}
    pairs: dict[tuple[str, str], MappingRow] = {}
    subjects: dict[str, MappingRow] = {}
    items: dict[str, MappingRow] = {}
    none: dict[str, MappingRow] = {row.iri("subject_id"): row for row in mappings.rows if not row.is_match}
    for row in mappings.rows:
        subject, object_ = row.iri("subject_id"), row.iri("object_id")
        first = names.setdefault(row.iri("record_id"), row)
        if first is not row:
            yield _conflict(row, first, f"the record_id {row.text('record_id')} is used", "give one another")
        first = pairs.setdefault((subject, object_), row)
        if first is not row:
            yield _conflict(
                row,
                first,
                f"{row.text('subject_id')} is mapped to {row.text('object_id')}",
                "remove one of the two",
            )
            continue
        if row.is_match and subject in none:
            yield _conflict(
                row, none[subject], f"no item was found for {row.text('subject_id')}", "remove one of the two"
            )
        if row.iri("predicate_id") != EXACT_MATCH or not row.is_match:
            continue
        first = subjects.setdefault(subject, row)
        if first is not row:
            what = (
                f"{row.text('subject_id')} cannot be {row.text('object_id')}, being {first.text('object_id')}"
            )
            yield _conflict(row, first, what, "let one of the two be no exact match")
        first = items.setdefault(object_, row)
        if first is not row:
            item = row.text("object_id")
            what = f"{item} cannot be {row.text('subject_id')}, being {first.text('subject_id')}"
            yield _conflict(row, first, what, "correct the item of one of the two")


def _conflict(row: MappingRow, first: MappingRow, what: str, advice: str) -> Fault:
    return Fault(
        row.line,
        f"{what} in line {first.line} already ({first.text('record_id')}); {advice}.",
        "mapping-conflict",
        row.iri("subject_id"),
    )


def check_properties(mappings: MappingSet) -> Iterator[Fault]:
    """Check what a set of mappings of properties says, without the ontology.

    :param mappings: the mappings of properties.
    :returns: what is wrong.
    """
    if mappings.id != PROPERTIES_SET:
        yield Fault(1, f"mapping_set_id is {mappings.id}; let it be {PROPERTIES_SET}.")
    subjects: dict[str, MappingRow] = {}
    for row in mappings.rows:
        subject = row.iri("subject_id")
        if not _PROPERTY.fullmatch(row.iri("object_id")):
            message = (
                f"the object {row.text('object_id')} is no property of Wikidata; write wikidata: and its P."
            )
            yield Fault(row.line, message, subject=subject)
        if mappings.expand(row.text("object_category")) not in _PROPERTY_TYPES:
            message = (
                f"object_category is {row.text('object_category') or 'missing'}; write the type of its "
                "values, such as wikibase:Time."
            )
            yield Fault(row.line, message, subject=subject)
        for slot in ("subject_label", "object_label", "confidence", "see_also", "comment"):
            if not row.text(slot):
                yield Fault(row.line, f"{slot} is missing; each mapping has one.", subject=subject)
        first = subjects.setdefault(subject, row)
        if first is not row:
            what = f"{row.text('subject_id')} is mapped"
            yield _conflict(row, first, what, "remove one of the two")


def check_property_terms(name: str, mappings: MappingSet, quads: Iterable[Quad]) -> list[Finding]:
    """Check that what is mapped are terms, and that they have these labels.

    :param name: the file as messages name it.
    :param mappings: the mappings of properties.
    :param quads: what the curated files say.
    :returns: what is wrong.
    """
    labels = {
        quad.subject.value: quad.object.value
        for quad in quads
        if quad.predicate in _LABELS
        and isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, Literal)
        and quad.object.language == "en"
    }
    return [
        Finding(
            Severity.ERROR,
            "mapping-entity",
            f"{row.text('subject_id')} has the label {labels.get(row.iri('subject_id'))!r} and not "
            f"{row.text('subject_label')!r}; correct the one that is wrong.",
            file=name,
            line=row.line,
            column=1,
            subject=row.iri("subject_id"),
        )
        for row in mappings.rows
        if labels.get(row.iri("subject_id")) != row.text("subject_label")
    ]


def check_mappings(name: str, mappings: MappingSet, quads: Iterable[Quad]) -> list[Finding]:
    """Check mappings against the entities and the ontology.

    :param name: the file as messages name it.
    :param mappings: its mappings.
    :param quads: what the curated files say.
    :returns: what is wrong.
    """
    known = _Known(quads)
    return [
        Finding(
            Severity.ERROR, rule, message, file=name, line=row.line, column=1, subject=row.iri("subject_id")
        )
        for row in mappings.rows
        for rule, message in _misfits(row, mappings, known)
    ]


class _Known:
    """Hold what the entities are called and what kinds of things they are."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.names: dict[str, str] = {}
        self._types: dict[str, set[str]] = defaultdict(set)
        self._above: dict[str, set[str]] = defaultdict(set)
        for quad in quads:
            if not (isinstance(quad.subject, NamedNode) and isinstance(quad.graph_name, NamedNode)):
                continue
            subject, value, graph = quad.subject.value, quad.object, quad.graph_name.value
            if graph == ENTITIES_GRAPH and isinstance(value, Literal):
                if quad.predicate == _NAME and value.language == "en":
                    self.names[subject] = value.value
            elif graph == ENTITIES_GRAPH and quad.predicate == _TYPE and isinstance(value, NamedNode):
                self._types[subject].add(value.value)
            elif graph == ONTOLOGY_GRAPH and quad.predicate == _SUBCLASS and isinstance(value, NamedNode):
                self._above[subject].add(value.value)

    def types(self, entity: str) -> set[str]:
        """Give the classes that an entity is said to be of."""
        return self._types.get(entity, set())

    def classes(self, entity: str) -> set[str]:
        """Give the classes of an entity, with those above them."""
        found: set[str] = set()
        waiting = list(self.types(entity))
        while waiting:
            cls = waiting.pop()
            if cls not in found:
                found.add(cls)
                waiting += self._above.get(cls, ())
        return found


def _misfits(row: MappingRow, mappings: MappingSet, known: _Known) -> Iterator[tuple[str, str]]:
    entity, label = row.iri("subject_id"), row.text("subject_label")
    if not entity.startswith(ENTITY_BASE) or not known.types(entity):
        yield (
            "mapping-entity",
            f"{row.text('subject_id')} is not described in data/entities; correct the name.",
        )
        return
    if label != known.names.get(entity, label):
        message = (
            f"the label {label!r} is not that of {row.text('subject_id')}, {known.names[entity]!r}; correct "
            "the one that is wrong, and make sure that the item is meant for this entity."
        )
        yield "mapping-entity", message
    category = row.text("object_category")
    kind = mappings.expand(category) if category else None
    if category and kind is None:
        yield "mapping-value", f"object_category is {category!r}; write a class as a CURIE."
    elif kind is not None and row.iri("predicate_id") == EXACT_MATCH and kind not in known.classes(entity):
        types = ", ".join(sorted(_curie(cls, mappings) for cls in known.types(entity)))
        message = (
            f"{row.text('subject_id')} is {types} and {row.text('object_id')} {category}, so that they are "
            "not the same; correct the item, or let it be no exact match."
        )
        yield "mapping-kind", message


def _curie(iri: str, mappings: MappingSet) -> str:
    for prefix, namespace in mappings.prefixes.items():
        if iri.startswith(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return f"<{iri}>"
