"""Read what the first page shows: what the dataset says of itself, and the institutes at a glance."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from aisi_kg.graph.prefixes import AISI, META_GRAPH
from aisi_kg.store.comparison import Comparable, Comparison, Named, Nature, compare, find_institutes
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.grids import Entry
from aisi_kg.store.inquiry import Inquiry, labels_of
from aisi_kg.store.library.records import Text
from aisi_kg.store.tables import CellClaim
from aisi_kg.store.wording import date_text

__all__ = ["FACTS", "Card", "Record", "read_cards", "read_counts", "read_record"]

_FOAF = "http://xmlns.com/foaf/0.1/"
#: What is counted, by the name that pages give it.
_COUNTED: Mapping[str, str] = {
    "claims": AISI + "Claim",
    "institutes": AISI + "SafetyInstitute",
    "people": _FOAF + "Person",
    "organisations": "http://www.w3.org/ns/org#Organization",
    "cooperations": AISI + "Cooperation",
    "events": AISI + "Event",
    "footnotes": AISI + "Footnote",
    "publications": "http://purl.org/spar/fabio/Work",
    "discrepancies": AISI + "Discrepancy",
}
# The dataset's own description tells the number of members of each class.
_COUNTS = f"""PREFIX void: <http://rdfs.org/ns/void#>
SELECT ?class ?number WHERE {{
  VALUES ?class {{ {" ".join(str(NamedNode(iri)) for iri in _COUNTED.values())} }}
  ?partition void:class ?class ; void:entities ?number .
}}
ORDER BY ?class"""
_RECORD = f"""PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX foaf: <{_FOAF}>
SELECT ?name ?value WHERE {{
  GRAPH <{META_GRAPH}> {{
    ?dataset a dcat:Dataset .
    {{
      VALUES (?property ?name) {{
        (dcterms:title "title") (dcterms:description "description") (dcterms:issued "issued")
        (dcterms:modified "modified") (dcat:keyword "keyword")
      }}
      ?dataset ?property ?value
    }} UNION {{
      ?dataset dcterms:creator/foaf:name ?value
      BIND("creator" AS ?name)
    }}
  }}
}}
ORDER BY ?name ?value"""
_ACCESS = f"""PREFIX aisi: <{AISI}>
SELECT ?institute ?developer ?claim ?en ?zh WHERE {{
  ?institute a aisi:SafetyInstitute .
  GRAPH ?claim {{ ?access a aisi:ModelAccess ; aisi:grantedTo ?institute ; aisi:grantedBy ?developer }}
  ?claim aisi:statement ?en , ?zh .
  FILTER(LANG(?en) = "en" && LANG(?zh) = "zh")
}}
ORDER BY ?institute ?developer ?claim"""

#: What a card tells, in this order.
FACTS = ("established", "parent", "money", "access")
#: Where each is found: what claims say of the institute anywhere, else the source's own column.
_SOURCES: Mapping[str, tuple[tuple[str, Nature], str]] = {
    "established": ((AISI + "Establishment", Nature.CLASS), AISI + "FoundingDateAspect"),
    "parent": ((AISI + "hasParentAgency", Nature.PROPERTY), AISI + "ParentAspect"),
    "money": ((AISI + "FundingCommitment", Nature.CLASS), AISI + "FundingAspect"),
}


@dataclass(frozen=True)
class Card:
    """Hold an institute at a glance.

    :param institute: the institute.
    :param facts: what is told of it, by the names of :data:`FACTS`: values, each with its claims.
    :param statements: what the claims say, by their IRIs.
    """

    institute: Named
    facts: Mapping[str, tuple[Entry, ...]]
    statements: Mapping[str, str]


@dataclass(frozen=True)
class Record:
    """Hold what the dataset says of itself in a language.

    :param title: its title.
    :param description: what it holds.
    :param issued: when it was first published; empty where that is not told.
    :param modified: when it was last changed; empty likewise.
    :param creators: who has made it.
    :param keywords: what it is about.
    """

    title: str
    description: str
    issued: str
    modified: str
    creators: tuple[str, ...]
    keywords: tuple[str, ...]


def read_record(language: str) -> Inquiry[Record]:
    """Read what the dataset says of itself.

    :param language: ``en`` or ``zh``.
    :returns: the record; what the dataset does not tell is empty.
    """
    found: dict[str, list[str]] = {}
    for each in (yield QueryRequest(_RECORD)):
        value = each["value"]
        if isinstance(value, Literal) and value.language in (None, language):
            found.setdefault(each["name"].value, []).append(value.value)

    def first(name: str) -> str:
        return next(iter(found.get(name, ())), "")

    return Record(
        first("title"),
        first("description"),
        first("issued"),
        first("modified"),
        tuple(found.get("creator", ())),
        tuple(found.get("keyword", ())),
    )


def read_counts() -> Inquiry[dict[str, int]]:
    """Read how much of what the dataset holds.

    :returns: numbers by name; what the dataset does not tell is left out.
    """
    names = {iri: name for name, iri in _COUNTED.items()}
    found = {names[each["class"].value]: int(each["number"].value) for each in (yield QueryRequest(_COUNTS))}
    return {name: found[name] for name in _COUNTED if name in found}


def read_cards(language: str) -> Inquiry[tuple[Card, ...]]:
    """Read the institutes at a glance.

    :param language: ``en`` or ``zh``.
    :returns: the institutes, in the order of the source.
    """
    institutes = yield from find_institutes()
    if not institutes:
        return ()
    pairs = [pair for of, aspect in _SOURCES.values() for pair in (of, (aspect, Nature.ASPECT))]
    # Their names are not shown.
    properties = [Comparable(iri, Text(iri, iri), nature, 0) for iri, nature in pairs]
    comparison = yield from compare(institutes, properties)
    access, said = yield from _access(language)
    statements = {**comparison.statements(language), **said}
    return tuple(
        Card(
            institute,
            {
                **{name: _fact(comparison, name, institute.iri, language) for name in _SOURCES},
                "access": access.get(institute.iri, ()),
            },
            statements,
        )
        for institute in institutes
    )


def _fact(comparison: Comparison, name: str, institute: str, language: str) -> tuple[Entry, ...]:
    (iri, _), aspect = _SOURCES[name]
    if name != "established":
        return (
            comparison.cells[iri, institute].entries[language]
            or comparison.cells[aspect, institute].entries[language]
        )
    # A year alone stands behind the months and days that are more precise.
    claims = sorted(comparison.cells[iri, institute].claims, key=lambda claim: -len(_date(claim)))
    dated = _merged(claims, lambda claim: date_text(_date(claim), language))
    return dated or comparison.cells[aspect, institute].entries[language]


def _date(claim: CellClaim) -> str:
    return next((value.date for value in claim.values if value.date), "")


def _merged(claims: Iterable[CellClaim], text: Callable[[CellClaim], str]) -> tuple[Entry, ...]:
    """Put the claims that give the same text behind it; those that give none are left out."""
    found: dict[str, list[str]] = {}
    for claim in claims:
        said = text(claim)
        if said:
            found.setdefault(said, []).append(claim.iri)
    return tuple(Entry(said, tuple(same)) for said, same in found.items())


def _access(language: str) -> Inquiry[tuple[dict[str, tuple[Entry, ...]], dict[str, str]]]:
    """Read which developers give each institute access, and what the claims say."""
    solutions = yield QueryRequest(_ACCESS)
    names = yield from labels_of(each["developer"].value for each in solutions)
    claims: dict[tuple[str, str], list[str]] = {}
    said: dict[str, str] = {}
    for each in solutions:
        pair = each["institute"].value, each["developer"].value
        claims.setdefault(pair, []).append(each["claim"].value)
        said[each["claim"].value] = each["zh" if language == "zh" else "en"].value
    found: dict[str, tuple[Entry, ...]] = {}
    for (institute, developer), stating in claims.items():
        label = names.get(developer, Text(developer, developer)).in_language(language)
        entry = Entry(label, _distinct(stating), iri=developer)
        found[institute] = (*found.get(institute, ()), entry)
    return found, said


def _distinct(iris: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(iris))
