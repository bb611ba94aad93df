"""Write what claims say as commands of QuickStatements (version 1), with which it goes back to Wikidata.

Exported is what a source states as a fact, with a footnote of its own, and what the table of properties
(``data/mappings/wikidata-properties.sssom.tsv``) has a property for. A value has to be an item that one of
our entities is, or a date. Each publication of a footnote is one reference: a line of its own, since a
statement that is there already gets the further references and no second statement.

Left out are claims whose footnote a curator has added (``aisi:RelatedFootnote``), as it need not say the
same, and those that the source contradicts elsewhere.

The format is the one that QuickStatements reads (``importDataFromV1`` and ``parseValueV1`` of its source): a
command a line, columns divided by tabs, no escapes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from aisi_kg.errors import InputError
from aisi_kg.graph.prefixes import AISI, ENTITIES_GRAPH, WIKIDATA_GRAPH
from aisi_kg.graph.sssom import read_sssom
from aisi_kg.project import Project

__all__ = ["Property", "QuickStatements", "load_properties", "write_commands"]

_ITEM, _TIME, _TEXT, _URL = (
    f"http://wikiba.se/ontology#{name}" for name in ("WikibaseItem", "Time", "Monolingualtext", "Url")
)
_DCTERMS, _ORG, _SCHEMA = "http://purl.org/dc/terms/", "http://www.w3.org/ns/org#", "https://schema.org/"
_XSD = "http://www.w3.org/2001/XMLSchema#"
# How precise a date is, as Wikidata counts: what follows the year or the month is zero then.
_PRECISIONS = {
    _XSD + "gYear": (9, re.compile(r"(?P<year>[0-9]{4})")),
    _XSD + "gYearMonth": (10, re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})")),
    _XSD + "date": (11, re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")),
}
_ITEM_IRI = re.compile(r"http://www\.wikidata\.org/entity/(Q[1-9][0-9]*)")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]+)*")
# A text in Wikidata is no longer.
_LONGEST_TEXT = 1500

_PREFIXES = f"""
PREFIX aisi: <{AISI}>
PREFIX cito: <http://purl.org/spar/cito/>
PREFIX dcterms: <{_DCTERMS}>
PREFIX org: <{_ORG}>
PREFIX schema: <{_SCHEMA}>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
# A footnote on the sentence itself, or on another that says the same.
_CLAIMS = """
  ?claim a aisi:Claim ; aisi:modality aisi:Fact ; aisi:evidence ?evidence .
  FILTER(?evidence IN (aisi:FootnoteOnSentence, aisi:FootnotedElsewhere))
  FILTER EXISTS { ?claim cito:citesAsEvidence ?footnote }
  FILTER NOT EXISTS { ?discrepancy a aisi:Discrepancy ; aisi:involvesClaim ?claim }
"""
_DIRECT = f"""{_PREFIXES}
SELECT ?claim ?entity ?property ?value {{ {_CLAIMS} GRAPH ?claim {{ ?entity ?property ?value }} }}
"""
_ESTABLISHED = f"""{_PREFIXES}
SELECT ?claim ?entity ?value {{
  {_CLAIMS} GRAPH ?claim {{ ?event aisi:establishes ?entity ; aisi:date ?value }}
}}
"""
_HELD = f"""{_PREFIXES}
SELECT ?claim ?entity ?role ?value ?start ?end {{
  {_CLAIMS}
  GRAPH ?claim {{
    ?post a aisi:Appointment ; org:organization ?entity ; org:role ?role ; org:member ?value ; aisi:tenure
    ?tenure . OPTIONAL {{ ?post aisi:startDate ?start }} OPTIONAL {{ ?post aisi:endDate ?end }} }}
  # Held when something happened, and nobody says when: as a statement without a date it would seem to be
  # held today.
  FILTER(?tenure = aisi:CurrentTenure || BOUND(?start) || BOUND(?end))
}}
"""
_REFERENCES = f"""{_PREFIXES}
SELECT DISTINCT ?claim ?publication ?url ?title ?publisher ?issued ?accessed {{
  {_CLAIMS}
  ?claim cito:citesAsEvidence ?note . ?note cito:cites ?publication . ?publication schema:url ?url .
  OPTIONAL {{ ?publication dcterms:title ?title }}
  OPTIONAL {{ ?publication dcterms:publisher ?publisher }}
  OPTIONAL {{ ?publication dcterms:issued ?issued }}
  OPTIONAL {{ {{ ?note aisi:accessed ?accessed }} UNION {{ ?publication aisi:accessed ?accessed }} }}
}}
ORDER BY ?claim ?publication ?url ?title ?publisher ?issued ?accessed
"""
_ITEMS = f"""{_PREFIXES}
SELECT ?entity ?item ?match {{
  GRAPH <{WIKIDATA_GRAPH}> {{ ?entity ?match ?item }}
  FILTER(?match IN (skos:exactMatch, skos:closeMatch))
}}
"""
_NAMES = f"""{_PREFIXES}
SELECT ?entity ?name {{ GRAPH <{ENTITIES_GRAPH}> {{ ?entity skos:prefLabel ?name }} }}
"""
_EXACT = "http://www.w3.org/2004/02/skos/core#exactMatch"
#: What has a way of its own from the claim to the statement, or is a part of one.
_INDIRECT = frozenset(
    [
        *(
            AISI + name
            for name in ("Chairperson", "Director", "accessed", "endDate", "establishes", "startDate")
        ),
        *(_DCTERMS + name for name in ("publisher", "title")),
        _SCHEMA + "url",
    ]
)


class Property(NamedTuple):
    """Give a property of Wikidata: its id, such as ``P571``, and the type of its values."""

    id: str
    type: str


def load_properties(project: Project) -> dict[str, Property]:
    """Read the table that says which of our properties goes to which of Wikidata's.

    :param project: the project with the table.
    :returns: Wikidata's properties by the IRIs of ours.
    :raises InputError: if there is no table, or it cannot be read.
    """
    path = project.data / "mappings" / "wikidata-properties.sssom.tsv"
    try:
        mappings, faults = read_sssom(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read; restore the table of Wikidata's properties.") from error
    if mappings is None or faults:
        line = faults[0].line if faults else 1
        raise InputError(
            f"{path}:{line}: the table of Wikidata's properties has a fault; aisi-kg check tells which."
        )
    return {
        row.iri("subject_id"): Property(
            row.iri("object_id").rpartition("/")[2], mappings.expand(row.text("object_category")) or ""
        )
        for row in mappings.rows
    }


@dataclass(frozen=True)
class _Statement:
    """Hold a statement: a property, its value, and qualifiers, as QuickStatements writes them."""

    property: str
    value: str
    qualifiers: tuple[str, ...] = ()


@dataclass
class QuickStatements:
    """Write commands of QuickStatements from a dataset.

    :param store: the dataset.
    :param properties: Wikidata's properties by the IRIs of ours.
    """

    store: Store
    properties: Mapping[str, Property]
    #: What the statements were about that were not written, as their value is no item yet.
    left_out: list[str] = field(default_factory=list)
    _items: dict[str, str] = field(default_factory=dict)
    _doubtful: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for row in self._rows(_ITEMS):
            match = _ITEM_IRI.fullmatch(row["item"].value)
            if row["match"].value == _EXACT and match is not None:
                self._items[row["entity"].value] = match[1]
            elif match is not None:
                self._doubtful.add(row["entity"].value)

    def commands(self, entity: str | None = None, *, create: bool = False) -> Iterator[str]:
        """Write the commands.

        :param entity: the IRI of the entity that they are about; None for all.
        :param create: also for entities that have no item; one that may have one (``skos:closeMatch``) gets
            none.
        :returns: lines without their ends, the same for the same dataset.
        """
        references = self._references()
        found: dict[str, dict[_Statement, list[str]]] = {}
        for claim, subject, statement in self._statements():
            if entity is None or subject == entity:
                claims = found.setdefault(subject, {}).setdefault(statement, [])
                claims += [claim] if claim not in claims else []
        for subject in sorted(found):
            item = self._items.get(subject)
            if item is None and (not create or subject in self._doubtful):
                continue
            if item is None:
                yield "CREATE"
                yield from self._labels(subject)
            for statement in sorted(
                found[subject], key=lambda each: (each.property, each.value, each.qualifiers)
            ):
                start = (item or "LAST", statement.property, statement.value, *statement.qualifiers)
                cited: dict[str, tuple[str, ...]] = {}
                for claim in sorted(found[subject][statement]):
                    for reference in references.get(claim, ()):
                        # By its address: two footnotes may cite one publication.
                        cited.setdefault(reference[1], reference)
                for reference in cited.values():
                    yield "\t".join((*start, *reference))

    def _rows(self, query: str) -> QuerySolutions:
        found = self.store.query(query)
        if not isinstance(found, QuerySolutions):
            raise TypeError("a SELECT gives solutions")
        return found

    def _statements(self) -> Iterator[tuple[str, str, _Statement]]:
        """Yield claims with the entities and the statements that they make."""
        for row in self._rows(_DIRECT):
            if row["property"].value not in _INDIRECT:
                yield from self._statement(row["claim"], row["entity"], row["property"], row["value"])
        for row in self._rows(_ESTABLISHED):
            yield from self._statement(
                row["claim"], row["entity"], NamedNode(AISI + "establishes"), row["value"]
            )
        for row in self._rows(_HELD):
            qualifiers: list[str] = []
            for name in ("start", "end"):
                qualifier = self.properties.get(f"{AISI}{name}Date")
                if row[name] is not None and qualifier is not None:
                    qualifiers += [qualifier.id, self._value(qualifier.type, row[name]) or ""]
            if "" not in qualifiers:
                yield from self._statement(
                    row["claim"], row["entity"], row["role"], row["value"], tuple(qualifiers)
                )

    def _statement(
        self,
        claim: NamedNode,
        entity: object,
        property_: NamedNode,
        value: object,
        qualifiers: tuple[str, ...] = (),
    ) -> Iterator[tuple[str, str, _Statement]]:
        target = self.properties.get(property_.value)
        if target is None or not isinstance(entity, NamedNode):
            return
        written = self._value(target.type, value)
        if written is None:
            self.left_out.append(entity.value)
            return
        yield claim.value, entity.value, _Statement(target.id, written, qualifiers)

    def _value(self, type_: str, value: object) -> str | None:
        """Write a value; None where it is none that the type has."""
        if type_ == _ITEM and isinstance(value, NamedNode):
            return self._items.get(value.value)
        if type_ == _URL and isinstance(value, NamedNode):
            return _quoted(value.value)
        if type_ == _TIME and isinstance(value, Literal):
            return _time(value)
        if (
            type_ == _TEXT
            and isinstance(value, Literal)
            and _LANGUAGE.fullmatch((value.language or "").lower())
        ):
            text = _quoted(value.value)
            return None if text is None or value.language is None else f"{value.language.lower()}:{text}"
        return None

    def _labels(self, entity: str) -> Iterator[str]:
        names = {
            row["name"].language: row["name"].value
            for row in self._rows(_NAMES)
            if row["entity"].value == entity
        }
        for language in sorted(name for name in names if name):
            text = _quoted(names[language])
            if text is not None and _LANGUAGE.fullmatch(language):
                yield "\t".join(("LAST", f"L{language}", text))

    def _references(self) -> dict[str, list[tuple[str, ...]]]:
        """Write the publications of each claim's footnotes as references."""
        parts = (
            ("url", _SCHEMA + "url"),
            ("title", _DCTERMS + "title"),
            ("publisher", _DCTERMS + "publisher"),
            ("issued", _DCTERMS + "issued"),
            ("accessed", AISI + "accessed"),
        )
        references: dict[str, list[tuple[str, ...]]] = {}
        seen: set[tuple[str, str]] = set()
        for row in self._rows(_REFERENCES):
            if (row["claim"].value, row["publication"].value) in seen:
                # A title in a second language: one publication is one reference.
                continue
            seen.add((row["claim"].value, row["publication"].value))
            written: list[str] = []
            for name, ours in parts:
                target = self.properties.get(ours)
                value = None if target is None or row[name] is None else self._value(target.type, row[name])
                if target is not None and value is not None:
                    written += [target.id.replace("P", "S"), value]
            if written:
                references.setdefault(row["claim"].value, []).append(tuple(written))
        return references


def _time(value: Literal) -> str | None:
    precision, form = _PRECISIONS.get(value.datatype.value, (0, None))
    match = form.fullmatch(value.value) if form is not None else None
    if match is None:
        return None
    parts = {"month": "00", "day": "00", **match.groupdict()}
    return f"+{parts['year']}-{parts['month']}-{parts['day']}T00:00:00Z/{precision}"


def _quoted(text: str) -> str | None:
    """Write a text, in one line: tabs and line breaks end a column or a command, and have no escape.

    Quotation marks in it stay: the first and the last of the column are the ones that count.
    """
    words = " ".join(text.split())
    return f'"{words}"' if words and len(words) <= _LONGEST_TEXT else None


def write_commands(lines: Iterable[str]) -> Iterator[bytes]:
    """Write commands as bytes.

    :param lines: the commands.
    :returns: UTF-8, a line each.
    """
    for line in lines:
        yield f"{line}\n".encode()
