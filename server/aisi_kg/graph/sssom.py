"""Read and write mappings in SSSOM/TSV, and give them as SSSOM/RDF (version 1.1 of SSSOM).

A file begins with the set's metadata, each line behind a ``#``, in the part of YAML that the canonical form
has: a value is written plain or in double quotes, ``curie_map`` is a map and a slot with several values a
list, both one line an entry. A table follows, a mapping a row, a slot a column.

A slot that the set gives for all of its mappings ("propagatable") is given to each of them. In RDF a mapping
is an ``owl:Axiom`` with the IRI of its ``record_id``, which is therefore needed here: there are no blank
nodes in the data.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO

from pyoxigraph import Literal, NamedNode, Triple

__all__ = [
    "EXACT_MATCH",
    "INDIVIDUAL",
    "NO_TERM",
    "SAME_AS",
    "Fault",
    "MappingRow",
    "MappingSet",
    "format_sssom",
    "read_sssom",
    "triples_of",
]

_SSSOM = "https://w3id.org/sssom/"
_SEMAPV = "https://w3id.org/semapv/vocab/"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_OWL = "http://www.w3.org/2002/07/owl#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
#: The prefixes that need not be in a curie_map.
_BUILT_IN = {
    "linkml": "https://w3id.org/linkml/",
    "owl": _OWL,
    "rdf": _RDF,
    "rdfs": _RDFS,
    "semapv": _SEMAPV,
    "skos": _SKOS,
    "sssom": _SSSOM,
    "xsd": _XSD,
}
_PROPERTIES = {
    **_BUILT_IN,
    "dcterms": "http://purl.org/dc/terms/",
    "pav": "http://purl.org/pav/",
    "prov": "http://www.w3.org/ns/prov#",
}

EXACT_MATCH = _SKOS + "exactMatch"
SAME_AS = _OWL + "sameAs"
#: Stands for the object where a search found none.
NO_TERM = _SSSOM + "NoTermFound"
#: The type of what is an individual and no class or property.
INDIVIDUAL = "owl named individual"

_ENTITY_TYPES = {
    "owl class": _OWL + "Class",
    "owl object property": _OWL + "ObjectProperty",
    "owl data property": _OWL + "DataProperty",
    "owl annotation property": _OWL + "AnnotationProperty",
    INDIVIDUAL: _OWL + "NamedIndividual",
    "skos concept": _SKOS + "Concept",
    "rdfs resource": _RDFS + "Resource",
    "rdfs class": _RDFS + "Class",
    "rdfs literal": _RDFS + "Literal",
    "rdfs datatype": _RDFS + "Datatype",
    "rdf property": _RDF + "Property",
    "composed entity expression": _SSSOM + "ComposedEntityExpression",
}
_ENUMERATIONS = {
    "entity-type": _ENTITY_TYPES,
    "version": {version: f"{_SSSOM}version{version}" for version in ("1.0", "1.1")},
    "modifier": {"Not": _SSSOM + "NegatedPredicate"},
}
_CARDINALITIES = ("1:1", "1:n", "n:1", "n:n", "1:0", "0:1", "0:0")
_JUSTIFICATIONS = {
    _SEMAPV + name
    for name in (
        "BackgroundKnowledgeBasedMatching CompositeMatching InstanceBasedMatching LexicalMatching "
        "LexicalSimilarityThresholdMatching LogicalReasoning ManualMappingCuration MappingChaining "
        "MappingInversion MappingReview SemanticSimilarityThresholdMatching StructuralMatching "
        "UnspecifiedMatching"
    ).split()
}
_RANGES = {"confidence": (0, 1), "similarity_score": (0, 1), "reviewer_agreement": (-1, 1)}

_TYPE = NamedNode(_RDF + "type")


@dataclass(frozen=True)
class _Slot:
    """Describe a slot: its values, whether there may be several, and whether a set can give it for all."""

    name: str
    property: str
    kind: str
    is_multiple: bool
    is_shared: bool


def _table(text: str) -> dict[str, _Slot]:
    """Read a table of slots: name, kind of values, marks, and the property where it is not SSSOM's."""
    slots = {}
    for line in text.strip().split("\n"):
        name, kind, *rest = line.split()
        named = next((word for word in rest if ":" in word), f"sssom:{name}")
        prefix, _, local = named.partition(":")
        slots[name] = _Slot(name, _PROPERTIES[prefix] + local, kind, "many" in rest, "shared" in rest)
    return slots


#: In the order of the specification, which is the order of the columns.
_MAPPING = _table("""
    record_id               reference
    subject_id              reference     owl:annotatedSource
    subject_label           text
    subject_category        text
    predicate_id            reference     owl:annotatedProperty
    predicate_label         text
    predicate_modifier      modifier
    object_id               reference     owl:annotatedTarget
    object_label            text
    object_category         text
    mapping_justification   reference
    author_id               reference     many pav:authoredBy
    author_label            text          many
    reviewer_id             reference     many
    reviewer_label          text          many
    creator_id              reference     many dcterms:creator
    creator_label           text          many
    license                 uri           dcterms:license
    subject_type            entity-type   shared
    subject_source          reference     shared
    subject_source_version  text          shared
    object_type             entity-type   shared
    object_source           reference     shared
    object_source_version   text          shared
    predicate_type          entity-type   shared
    mapping_provider        uri           shared
    mapping_source          reference
    mapping_cardinality     cardinality
    cardinality_scope       text          many shared
    mapping_tool            text          shared
    mapping_tool_id         reference     shared
    mapping_tool_version    text          shared
    mapping_date            date          shared dcterms:created
    publication_date        date          dcterms:issued
    review_date             date
    confidence              number
    reviewer_agreement      number
    curation_rule           reference     many shared
    curation_rule_text      text          many shared
    subject_match_field     reference     many shared
    object_match_field      reference     many shared
    match_string            text          many
    subject_preprocessing   reference     many shared
    object_preprocessing    reference     many shared
    similarity_score        number
    similarity_measure      text          shared
    see_also                uri           many rdfs:seeAlso
    issue_tracker_item      reference
    other                   text
    comment                 text          rdfs:comment
""")
_SET = {
    **_table("""
        sssom_version            version
        mapping_set_id           uri
        mapping_set_version      text          owl:versionInfo
        mapping_set_source       uri           many prov:wasDerivedFrom
        mapping_set_title        text          dcterms:title
        mapping_set_description  text          dcterms:description
        mapping_set_confidence   number
        issue_tracker            uri
    """),
    **{
        name: slot
        for name, slot in _MAPPING.items()
        if slot.is_shared
        or name
        in ("creator_id", "creator_label", "license", "publication_date", "see_also", "other", "comment")
    },
}
_REQUIRED = ("record_id", "subject_id", "predicate_id", "object_id", "mapping_justification")
_REQUIRED_OF_SET = ("mapping_set_id", "license")

_ENTRY = re.compile(
    r"(?P<indent> *)(?:(?P<key>[A-Za-z_][A-Za-z0-9_.-]*):|(?P<item>-))(?: +(?P<value>.*\S))? *"
)
#: What YAML would not read as the text that stands there.
_NOT_PLAIN = re.compile(r"[\[\]{}&*!|>'%@`,?#-]|.*(?:: | #)|.*:$")
_CURIE = re.compile(r"(?P<prefix>[A-Za-z_][A-Za-z0-9_.-]*):(?P<local>\S+)")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True)
class Fault:
    """Say what is wrong with a text.

    :param line: the line, counted from 1.
    :param message: what is wrong and what to do.
    :param rule: the rule that is broken; ``syntax`` where the text cannot be read.
    :param subject: the IRI of what is mapped.
    """

    line: int
    message: str
    rule: str = "mapping-value"
    subject: str | None = None


@dataclass(frozen=True)
class MappingRow:
    """Hold one mapping.

    :param line: the line it begins on.
    :param slots: the values of its slots, identifiers as CURIEs; those that the set gives for all among them.
    :param iris: the same for the slots with identifiers, as IRIs.
    """

    line: int
    slots: Mapping[str, tuple[str, ...]]
    iris: Mapping[str, tuple[str, ...]]

    def text(self, slot: str) -> str:
        """Give the value of a slot.

        :param slot: its name.
        :returns: the first value, or nothing.
        """
        return next(iter(self.slots.get(slot, ())), "")

    def iri(self, slot: str) -> str:
        """Give the IRI in a slot.

        :param slot: its name.
        :returns: the first IRI, or nothing.
        """
        return next(iter(self.iris.get(slot, ())), "")

    @property
    def is_match(self) -> bool:
        """Tell whether it names an object, and does not say that none was found."""
        return self.iri("object_id") != NO_TERM

    @property
    def is_same(self) -> bool:
        """Tell whether it says of two individuals that they are one."""
        types = (self.text("subject_type"), self.text("object_type"))
        is_exact = self.iri("predicate_id") == EXACT_MATCH and not self.text("predicate_modifier")
        return is_exact and self.is_match and types == (INDIVIDUAL, INDIVIDUAL)


@dataclass(frozen=True)
class MappingSet:
    """Hold the mappings of one file.

    :param prefixes: the prefixes of its identifiers, with those that need no declaration.
    :param slots: the values of the set's own slots.
    :param iris: the same for the slots with identifiers, as IRIs.
    :param rows: the mappings, without those that cannot be used.
    """

    prefixes: Mapping[str, str]
    slots: Mapping[str, tuple[str, ...]]
    iris: Mapping[str, tuple[str, ...]]
    rows: tuple[MappingRow, ...]

    @property
    def id(self) -> str:
        """Give the IRI of the set."""
        return next(iter(self.slots.get("mapping_set_id", ())), "")

    def expand(self, curie: str) -> str | None:
        """Turn a CURIE into the IRI that it stands for.

        :param curie: the CURIE.
        :returns: the IRI, or None where it is no CURIE with a known prefix.
        """
        return _expand(curie, self.prefixes)


def _expand(curie: str, prefixes: Mapping[str, str]) -> str | None:
    match = _CURIE.fullmatch(curie)
    if match is None or match["prefix"] not in prefixes:
        return None
    iri = prefixes[match["prefix"]] + match["local"]
    return iri if _URI.fullmatch(iri) else None


def read_sssom(text: str) -> tuple[MappingSet | None, list[Fault]]:
    """Read a text in SSSOM/TSV.

    :param text: the text.
    :returns: the mappings, or None where it is no SSSOM/TSV; and all that is wrong with it.
    """
    reader = _Reader(text)
    return reader.read(), reader.faults


def _parts(text: str) -> tuple[list[str], str]:
    """Part a text into the lines of its metadata, and its table."""
    lines = text.split("\n")
    count = next((number for number, line in enumerate(lines) if not line.startswith("#")), len(lines))
    return lines[:count], "\n".join(lines[count:])


class _Reader:
    """Read one text and collect what is wrong with it."""

    def __init__(self, text: str) -> None:
        self._metadata, self._table = _parts(text)
        self.faults: list[Fault] = []
        self._prefixes = dict(_BUILT_IN)
        self._subject: str | None = None

    def read(self) -> MappingSet | None:
        slots, iris = self._read_set()
        rows = None if self._is_unreadable() else self._read_rows(slots, iris)
        if rows is None or self._is_unreadable():
            return None
        return MappingSet(self._prefixes, slots, iris, tuple(rows))

    def _is_unreadable(self) -> bool:
        return any(fault.rule == "syntax" for fault in self.faults)

    def _report(self, line: int, message: str, rule: str = "mapping-value") -> None:
        self.faults.append(Fault(line, message, rule, self._subject))

    # The metadata

    def _read_set(self) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
        values: dict[str, list[str]] = {}
        lines: dict[str, int] = {}
        key = ""
        for number, line in enumerate(self._metadata, 1):
            match = _ENTRY.fullmatch(line.removeprefix("#"))
            value = None if match is None else self._scalar(match["value"])
            is_nested = match is not None and bool(match["indent"])
            if match is None or (value is None and match["value"]) or is_nested != bool(is_nested and key):
                self._report(number, _NOT_YAML, "syntax")
            elif is_nested:
                self._read_nested(number, key, match["key"], value, values)
            elif (
                match["item"]
                or match["key"] in lines
                or (match["key"] not in _SET and match["key"] != "curie_map")
            ):
                name = match["key"] or "-"
                self._report(
                    number,
                    f"{name} is no slot of a set of mappings, or stands here twice; remove it.",
                    "syntax",
                )
            else:
                key = match["key"]
                lines[key] = number
                values[key] = [] if value is None else [value]
        for name in _REQUIRED_OF_SET:
            if not values.get(name):
                self._report(1, f"the metadata lacks {name}; add a line '#{name}: …'.", "syntax")
        values.pop("curie_map", None)
        slots = {name: tuple(found) for name, found in values.items()}
        for name, found in slots.items():
            if len(found) > 1 and not _SET[name].is_multiple:
                self._report(lines[name], f"{name} has one value; remove the others.", "syntax")
        return slots, self._checked(slots, _SET, lines)

    def _read_nested(
        self, line: int, key: str, prefix: str | None, value: str | None, values: dict[str, list[str]]
    ) -> None:
        if value is None or (key == "curie_map") != (prefix is not None):
            self._report(line, _NOT_YAML, "syntax")
        elif prefix is None:
            values[key].append(value)
        elif not _URI.fullmatch(value) or self._prefixes.get(prefix, value) != value:
            message = f"the prefix {prefix} has two namespaces, or one that is no IRI; correct it."
            self._report(line, message, "syntax")
        else:
            self._prefixes[prefix] = value

    @staticmethod
    def _scalar(text: str | None) -> str | None:
        """Read a value of the metadata; None where it is written in another form than the canonical one."""
        if text is None:
            return None
        if text.startswith('"'):
            try:
                value = json.loads(text)
            except ValueError:
                return None
            return value if isinstance(value, str) else None
        return None if _NOT_PLAIN.match(text) else text

    # The table

    def _read_rows(
        self, of_set: Mapping[str, tuple[str, ...]], iris_of_set: Mapping[str, tuple[str, ...]]
    ) -> list[MappingRow] | None:
        cells = csv.reader(StringIO(self._table, newline=""), delimiter="\t", strict=True)
        first = len(self._metadata) + 1
        rows: list[MappingRow] = []
        begins = first
        columns: list[str] = []
        try:
            for row in cells:
                line, begins = begins, first + cells.line_num
                if not columns:
                    columns = row
                    if not self._check_columns(columns, line):
                        return None
                elif len(row) != len(columns):
                    message = f"the row has {len(row)} cells and the header {len(columns)}; correct the tabs."
                    self._report(line, message, "syntax")
                else:
                    rows += self._row(dict(zip(columns, row, strict=True)), line, of_set, iris_of_set)
        except csv.Error as error:
            self._report(begins, f"the quotes of this row do not match ({error}); correct them.", "syntax")
            return None
        if not columns:
            self._report(first, "the table is missing; begin it with the names of the slots.", "syntax")
        return rows

    def _check_columns(self, columns: Sequence[str], line: int) -> bool:
        unknown = [name for name in columns if name not in _MAPPING]
        missing = [name for name in _REQUIRED if name not in columns]
        if unknown or len(set(columns)) < len(columns):
            name = unknown[0] if unknown else next(n for n in columns if columns.count(n) > 1)
            self._report(
                line, f"{name!r} is no slot of a mapping, or is there twice; correct the header.", "syntax"
            )
        if missing:
            self._report(line, f"the column {missing[0]} is missing; add it.", "syntax")
        return not unknown and not missing and len(set(columns)) == len(columns)

    def _row(
        self,
        cells: Mapping[str, str],
        line: int,
        of_set: Mapping[str, tuple[str, ...]],
        iris_of_set: Mapping[str, tuple[str, ...]],
    ) -> Iterator[MappingRow]:
        self._subject = _expand(cells["subject_id"], self._prefixes)
        before = len(self.faults)
        own = {name: _values(cell, _MAPPING[name]) for name, cell in cells.items() if cell}
        for name in _REQUIRED:
            if name not in own:
                self._report(line, f"{name} is empty; each mapping has one.")
        iris = self._checked(own, _MAPPING, dict.fromkeys(own, line))
        justification = iris.get("mapping_justification", ())
        if justification and not _JUSTIFICATIONS.issuperset(justification):
            self._report(
                line,
                f"{cells['mapping_justification']} is no justification of SSSOM; "
                "use one, such as semapv:ManualMappingCuration.",
            )
        # A slot is shared only where no mapping has a value of its own.
        shared = [
            name for name in of_set if name in _MAPPING and _MAPPING[name].is_shared and name not in cells
        ]
        if len(self.faults) == before:
            yield MappingRow(
                line,
                {**{name: of_set[name] for name in shared}, **own},
                {**{name: iris_of_set[name] for name in shared if name in iris_of_set}, **iris},
            )
        self._subject = None

    def _checked(
        self, values: Mapping[str, tuple[str, ...]], slots: Mapping[str, _Slot], lines: Mapping[str, int]
    ) -> dict[str, tuple[str, ...]]:
        """Check values and give the identifiers among them as IRIs."""
        iris = {}
        for name, found in values.items():
            for value in found:
                fault = self._fault_of(value, slots[name])
                if fault is not None:
                    self._report(lines[name], f"{name} is {value!r}; {fault}.")
            if slots[name].kind == "reference":
                iris[name] = tuple(iri for value in found if (iri := _expand(value, self._prefixes)))
        return iris

    def _fault_of(self, value: str, slot: _Slot) -> str | None:
        kind = slot.kind
        if kind == "reference":
            known = _expand(value, self._prefixes) is not None
            return None if known else "write a CURIE with a prefix of the curie_map"
        if kind == "uri":
            return None if _URI.fullmatch(value) else "write an absolute URI"
        if kind == "date":
            return None if _is_date(value) else "write a date of the calendar as YYYY-MM-DD"
        if kind == "number":
            low, high = _RANGES.get(slot.name, (0, 1))
            fits = _NUMBER.fullmatch(value) is not None and low <= float(value) <= high
            return None if fits else f"write a number from {low} to {high}"
        if kind == "cardinality":
            return None if value in _CARDINALITIES else f"write one of {', '.join(_CARDINALITIES)}"
        if kind in _ENUMERATIONS and value not in _ENUMERATIONS[kind]:
            return f"write one of {', '.join(_ENUMERATIONS[kind])}"
        return None


_NOT_YAML = (
    "this is no line of metadata: write 'slot: value', behind 'curie_map:' lines of '  prefix: namespace', "
    "behind a slot with several values lines of '  - value'; a value that YAML would read otherwise in "
    "double quotes."
)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _values(cell: str, slot: _Slot) -> tuple[str, ...]:
    """Part a cell at its bars; one behind a backslash belongs to the value."""
    if not slot.is_multiple:
        return (cell,)
    found = re.findall(r"(?:\\[\\|]|[^|])+", cell)
    return tuple(re.sub(r"\\([\\|])", r"\1", value) for value in found)


def triples_of(mappings: MappingSet) -> Iterator[tuple[int, Triple]]:
    """Give a set of mappings as RDF.

    Beside the mappings stands what each of them says as a triple of its own, and ``owl:sameAs`` where it says
    of two individuals that they are one.

    :param mappings: the mappings.
    :returns: the triples, each with the line of its mapping; 1 for what is said of the set.
    """
    set_ = NamedNode(mappings.id)
    yield 1, Triple(set_, _TYPE, NamedNode(_SSSOM + "MappingSet"))
    of_set = {name: found for name, found in mappings.slots.items() if not _is_given_to_rows(name)}
    for triple in _slots(set_, of_set, mappings.iris, _SET):
        yield 1, triple
    for row in mappings.rows:
        record = NamedNode(row.iri("record_id"))
        yield row.line, Triple(set_, NamedNode(_SSSOM + "mappings"), record)
        yield row.line, Triple(record, _TYPE, NamedNode(_OWL + "Axiom"))
        for triple in _slots(record, row.slots, row.iris, _MAPPING):
            yield row.line, triple
        subject, object_ = NamedNode(row.iri("subject_id")), NamedNode(row.iri("object_id"))
        if row.is_match and not row.text("predicate_modifier"):
            yield row.line, Triple(subject, NamedNode(row.iri("predicate_id")), object_)
        if row.is_same:
            yield row.line, Triple(subject, NamedNode(SAME_AS), object_)


def _is_given_to_rows(name: str) -> bool:
    return name == "mapping_set_id" or (name in _MAPPING and _MAPPING[name].is_shared)


def _slots(
    node: NamedNode,
    values: Mapping[str, tuple[str, ...]],
    iris: Mapping[str, tuple[str, ...]],
    slots: Mapping[str, _Slot],
) -> Iterator[Triple]:
    for name, found in values.items():
        slot = slots[name]
        if name == "record_id":
            continue
        for value in iris[name] if slot.kind == "reference" else found:
            yield Triple(node, NamedNode(slot.property), _term(value, slot.kind))


def _term(value: str, kind: str) -> NamedNode | Literal:
    if kind in ("reference", "uri"):
        return NamedNode(value)
    if kind in _ENUMERATIONS:
        return NamedNode(_ENUMERATIONS[kind][value])
    datatypes = {"date": "date", "number": "double"}
    return Literal(value, datatype=NamedNode(_XSD + datatypes[kind])) if kind in datatypes else Literal(value)


def format_sssom(text: str) -> str:
    """Write a text in SSSOM/TSV in the canonical form: columns in order, rows sorted, quotes where needed.

    The metadata stay as they are, since only their canonical form is read.

    :param text: a text that :func:`read_sssom` finds readable.
    :returns: the same mappings in the canonical form.
    """
    metadata, table = _parts(text)
    header, *rows = csv.reader(StringIO(table, newline=""), delimiter="\t", strict=True)
    order = [name for name in _MAPPING if name in header]
    # A column without a value is left out.
    columns = [header.index(name) for name in order if any(row[header.index(name)] for row in rows)]
    lines = [[header[column] for column in columns]]
    lines += sorted([_canonical(row[column], header[column]) for column in columns] for row in rows)
    body = ["\t".join(_quoted(cell) for cell in line) for line in lines]
    return "\n".join([*metadata, *body, ""])


def _canonical(cell: str, name: str) -> str:
    if cell and _MAPPING[name].kind == "number":
        return f"{float(cell):.3f}".rstrip("0").rstrip(".")
    return cell


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if re.search(r'["\t\r\n]', cell) else cell
