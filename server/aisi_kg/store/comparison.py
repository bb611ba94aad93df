"""Compare institutes: what the claims say of each, property by property.

What can be compared comes from the dataset: the columns under which a source compares institutes itself, the
properties that a claim gives of an institute, and the kinds of things that a claim relates to one (its money,
its posts, its agreements, its access to models). A cell tells three things apart: values, each with the
claims that state it; a claim that the source states nothing; and nothing at all.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from pyoxigraph import NamedNode

from aisi_kg.graph.prefixes import AISI
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.grids import Cell, Entry, Grid
from aisi_kg.store.inquiry import Inquiry, Solution, labels_of, text_of_term
from aisi_kg.store.library.records import Text
from aisi_kg.store.tables import CellClaim, CellValue, TableCell

__all__ = [
    "Comparable",
    "Comparables",
    "Comparison",
    "ComparisonCell",
    "Named",
    "Nature",
    "compare",
    "comparison_grid",
    "find_comparables",
    "find_institutes",
]

_TITLE = Text(en="Compare institutes", zh="比较各研究所")
_DESCRIPTION = Text(
    en=(
        "Every value leads to its claims; - is where a source says that it states nothing, an empty cell has "
        "no claim."
    ),
    zh="每个值均链接至其论断；“-”表示来源自称未述及，空格表示没有论断。",
)
_HEAD = Text(en="Property", zh="属性")

_PREFIXES = f"""PREFIX aisi: <{AISI}>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
# In the order in which the source lists them; who is in no table comes last.
_INSTITUTES = """SELECT ?institute (MIN(?start) AS ?first) WHERE {
  ?institute a aisi:SafetyInstitute .
  OPTIONAL {
    ?claim aisi:tableRow ?institute ; prov:wasQuotedFrom ?passage .
    ?passage oa:start ?start .
  }
}
GROUP BY ?institute
ORDER BY (!BOUND(?first)) ?first ?institute"""
# The institutes are named in each part, which the engine then begins with.
_KEYS = """SELECT ?key ?nature (COUNT(DISTINCT ?institute) AS ?institutes) (MIN(?start) AS ?first) WHERE {
  {
    ?institute a aisi:SafetyInstitute .
    ?claim aisi:tableRow ?institute ; aisi:tableColumn ?key ; prov:wasQuotedFrom ?passage .
    ?passage oa:start ?start .
    BIND("aspect" AS ?nature)
  } UNION {
    ?institute a aisi:SafetyInstitute .
    GRAPH ?claim { ?institute ?key ?value }
    ?claim a aisi:Claim .
    FILTER(?key != rdf:type)
    BIND("property" AS ?nature)
  } UNION {
    ?institute a aisi:SafetyInstitute .
    GRAPH ?claim { ?thing ?link ?institute ; a ?key }
    ?claim a aisi:Claim .
    FILTER(?key != aisi:ReportingGap)
    BIND("class" AS ?nature)
  }
}
GROUP BY ?key ?nature
ORDER BY ?nature (!BOUND(?first)) ?first DESC(?institutes) ?key"""
_CELLS = """SELECT ?institute ?key ?claim ?en ?zh ?modality ?about ?property ?value ?date ?number ?comparator
  ?unit
WHERE {{
  VALUES ?institute {{ {institutes} }}
  {{
    VALUES ?key {{ {aspects} }}
    ?claim aisi:tableRow ?institute ; aisi:tableColumn ?key .
    OPTIONAL {{
      {{
        GRAPH ?claim {{ ?institute ?property ?value }}
        FILTER(?property != rdf:type)
        BIND(?institute AS ?about)
      }} UNION {{
        GRAPH ?claim {{ ?value ?link ?institute }}
      }}
    }}
  }} UNION {{
    VALUES ?key {{ {properties} }}
    GRAPH ?claim {{ ?institute ?key ?value }}
    ?claim a aisi:Claim .
    BIND(?key AS ?property)
    BIND(?institute AS ?about)
  }} UNION {{
    VALUES ?key {{ {classes} }}
    GRAPH ?claim {{ ?value ?link ?institute ; a ?key }}
    ?claim a aisi:Claim .
  }}
  ?claim aisi:modality ?modality .
  {{ ?claim aisi:statement ?en , ?zh . FILTER(LANG(?en) = "en" && LANG(?zh) = "zh") }}
  OPTIONAL {{
    VALUES ?dated {{ aisi:date aisi:endDate }}
    GRAPH ?claim {{ ?value ?dated ?date }}
  }}
  OPTIONAL {{
    VALUES (?counted ?unitOf) {{ (aisi:amount aisi:currency) (aisi:value aisi:countedKind) }}
    GRAPH ?claim {{ ?value ?counted ?number ; ?unitOf ?unit ; aisi:comparator ?comparator }}
  }}
}}
ORDER BY ?institute ?key ?claim ?property ?value"""
_PLACES = """SELECT ?claim (MIN(?start) AS ?first) (MAX(?start) AS ?last) WHERE {{
  VALUES ?claim {{ {claims} }}
  ?claim prov:wasQuotedFrom ?passage .
  ?passage oa:start ?start .
}}
GROUP BY ?claim
ORDER BY ?claim"""
_CODES = """SELECT ?unit ?code WHERE {
  ?unit a aisi:Currency ; skos:notation ?code .
}
ORDER BY ?unit"""
_FACT, _NOT_STATED = AISI + "Fact", AISI + "NotStated"


class Nature(StrEnum):
    """Name what a comparison can be by."""

    ASPECT = "aspect"
    PROPERTY = "property"
    CLASS = "class"


@dataclass(frozen=True)
class Named:
    """Name a resource in both languages."""

    iri: str
    label: Text


@dataclass(frozen=True)
class Comparable:
    """Hold something that institutes can be compared by.

    :param iri: the column of a source, the property, or the class of things.
    :param label: what it is called.
    :param nature: which of the three it is.
    :param institutes: of how many institutes a claim says something under it.
    """

    iri: str
    label: Text
    nature: Nature
    institutes: int


@dataclass(frozen=True)
class Comparables:
    """Hold what can be compared, and by what.

    :param institutes: the institutes.
    :param properties: what they can be compared by.
    """

    institutes: tuple[Named, ...]
    properties: tuple[Comparable, ...]


@dataclass(frozen=True)
class ComparisonCell:
    """Hold what the claims say of an institute under one heading.

    :param claims: the claims, in the order of the text.
    :param entries: the values as texts, each with its claims, by language.
    """

    claims: tuple[CellClaim, ...]
    entries: Mapping[str, tuple[Entry, ...]]


@dataclass(frozen=True)
class Comparison:
    """Hold a comparison.

    :param institutes: the institutes.
    :param properties: what they are compared by.
    :param cells: the cells by property and institute, each there.
    """

    institutes: tuple[Named, ...]
    properties: tuple[Comparable, ...]
    cells: Mapping[tuple[str, str], ComparisonCell]

    def statements(self, language: str) -> dict[str, str]:
        """Say what each claim of the comparison says.

        :param language: ``en`` or ``zh``.
        :returns: the sentences by the claims' IRIs.
        """
        claims = (claim for cell in self.cells.values() for claim in cell.claims)
        return {claim.iri: claim.statement.in_language(language) for claim in claims}


def find_institutes() -> Inquiry[tuple[Named, ...]]:
    """Find the institutes.

    :returns: the institutes, in the order in which the source lists them.
    """
    found = [each["institute"].value for each in (yield QueryRequest(_PREFIXES + _INSTITUTES)) if each]
    names = yield from labels_of(found)
    return tuple(Named(iri, names.get(iri, Text(iri, iri))) for iri in found)


def find_comparables() -> Inquiry[Comparables]:
    """Find what can be compared, and by what.

    :returns: the institutes in the source's order; the source's own columns, then properties, then kinds of
        things, of which more institutes have one first.
    """
    institutes = yield from find_institutes()
    solutions = yield QueryRequest(_PREFIXES + _KEYS)
    # Of no group, there is one solution without a key.
    keys = [each for each in solutions if "key" in each]
    names = yield from labels_of(each["key"].value for each in keys)
    found = [
        Comparable(
            each["key"].value,
            names.get(each["key"].value, Text(each["key"].value, each["key"].value)),
            Nature(each["nature"].value),
            int(each["institutes"].value),
        )
        for each in keys
    ]
    natures = list(Nature)
    found.sort(key=lambda each: natures.index(each.nature))
    return Comparables(institutes, tuple(found))


def compare(institutes: Sequence[Named], properties: Sequence[Comparable]) -> Inquiry[Comparison]:
    """Compare institutes.

    :param institutes: the institutes, of those that :func:`find_comparables` has found.
    :param properties: what to compare them by, of the same.
    :returns: the comparison.
    """
    natures = {nature: [each.iri for each in properties if each.nature is nature] for nature in Nature}
    text = _PREFIXES + _CELLS.format(
        institutes=_nodes(each.iri for each in institutes),
        aspects=_nodes(natures[Nature.ASPECT]),
        properties=_nodes(natures[Nature.PROPERTY]),
        classes=_nodes(natures[Nature.CLASS]),
    )
    solutions = yield QueryRequest(text)
    names = yield from labels_of(
        each[name].value
        for each in solutions
        for name in ("value", "unit", "comparator")
        if isinstance(each.get(name), NamedNode)
    )
    codes = {each["unit"].value: each["code"].value for each in (yield QueryRequest(_PREFIXES + _CODES))}
    places = yield from _places(each["claim"].value for each in solutions)
    found: dict[tuple[str, str], dict[str, CellClaim]] = {}
    for each in sorted(solutions, key=lambda each: places.get(each["claim"].value, (0, 0))):
        claims = found.setdefault((each["key"].value, each["institute"].value), {})
        claim = claims.setdefault(each["claim"].value, _claim(each))
        value = _value(each, names, codes)
        if value is not None and value not in claim.values and not claim.is_gap:
            claims[claim.iri] = replace(claim, values=(*claim.values, value))
    return Comparison(
        tuple(institutes),
        tuple(properties),
        {
            (property_.iri, institute.iri): _cell(
                property_, institute.iri, tuple(found.get((property_.iri, institute.iri), {}).values())
            )
            for property_ in properties
            for institute in institutes
        },
    )


def _places(claims: Iterable[str]) -> Inquiry[dict[str, tuple[int, int]]]:
    """Find where claims stand in the text: where their first passage starts, and their last."""
    iris = sorted(set(claims))
    if not iris:
        return {}
    solutions = yield QueryRequest(_PREFIXES + _PLACES.format(claims=_nodes(iris)))
    return {
        each["claim"].value: (int(each["first"].value), int(each["last"].value))
        for each in solutions
        if "first" in each
    }


def _nodes(iris: Iterable[str]) -> str:
    return " ".join(str(NamedNode(iri)) for iri in iris)


def _claim(solution: Solution) -> CellClaim:
    modality = solution["modality"].value
    statement = Text(en=solution["en"].value, zh=solution["zh"].value)
    return CellClaim(solution["claim"].value, statement, modality == _NOT_STATED, modality == _FACT, ())


def _value(solution: Solution, names: Mapping[str, Text], codes: Mapping[str, str]) -> CellValue | None:
    if "value" not in solution:
        return None
    iri = solution["value"].value
    unit = text_of_term(solution, "unit")
    return CellValue(
        about=text_of_term(solution, "about"),
        property=text_of_term(solution, "property"),
        iri=iri,
        label=names.get(iri, Text(iri, iri)),
        date=text_of_term(solution, "date"),
        number=text_of_term(solution, "number"),
        comparator=names.get(text_of_term(solution, "comparator")),
        unit=names.get(unit),
        currency=codes.get(unit, ""),
    )


def _cell(property_: Comparable, institute: str, claims: tuple[CellClaim, ...]) -> ComparisonCell:
    return ComparisonCell(
        claims,
        {language: tuple(_entries(property_, institute, claims, language)) for language in ("en", "zh")},
    )


def _entries(
    property_: Comparable, institute: str, claims: tuple[CellClaim, ...], language: str
) -> Iterable[Entry]:
    if property_.nature is Nature.ASPECT:
        texts: Iterable[str] = TableCell(institute, property_.iri, claims).texts(language)
    else:
        texts = (_text(claim, language) for claim in claims)
    # Claims that say the same stand behind one value.
    merged: dict[str, list[CellClaim]] = {}
    for text, claim in zip(texts, claims, strict=True):
        merged.setdefault(text, []).append(claim)
    for text, same in merged.items():
        statement = same[0].statement.in_language(language)
        yield Entry(text, tuple(claim.iri for claim in same), statement, is_gap=same[0].is_gap)


def _text(claim: CellClaim, language: str) -> str:
    """Say a value below the name of its property or class; what is no plain fact is said in a sentence."""
    if claim.is_fact and len(claim.values) == 1:
        return claim.values[0].text(language)
    return claim.statement.in_language(language).rstrip(".。")


def comparison_grid(comparison: Comparison, language: str) -> Grid:
    """Lay a comparison out: a row a property, a column an institute.

    :param comparison: the comparison.
    :param language: ``en`` or ``zh``.
    :returns: the layout.
    """
    rows = [
        (
            Cell((Entry(each.label.in_language(language), iri=each.iri),)),
            *(
                Cell(comparison.cells[each.iri, institute.iri].entries[language])
                for institute in comparison.institutes
            ),
        )
        for each in comparison.properties
    ]
    statements = comparison.statements(language)
    return Grid(
        _TITLE.in_language(language),
        _DESCRIPTION.in_language(language),
        (_HEAD.in_language(language), *(each.label.in_language(language) for each in comparison.institutes)),
        tuple(rows),
        language,
        {
            "name": "compare",
            "title": _TITLE.in_language(language),
            "language": language,
            "institutes": [
                {"iri": each.iri, "label": each.label.in_language(language)} for each in comparison.institutes
            ],
            "rows": [
                {
                    "property": each.iri,
                    "label": each.label.in_language(language),
                    "nature": each.nature.value,
                    "cells": [
                        _cell_data(
                            institute.iri, comparison.cells[each.iri, institute.iri], statements, language
                        )
                        for institute in comparison.institutes
                    ],
                }
                for each in comparison.properties
            ],
        },
    )


def _cell_data(
    institute: str, cell: ComparisonCell, statements: Mapping[str, str], language: str
) -> dict[str, Any]:
    return {
        "institute": institute,
        "notStated": any(claim.is_gap for claim in cell.claims),
        "values": [
            {
                "text": entry.text,
                "notStated": entry.is_gap,
                "claims": [{"iri": claim, "statement": statements[claim]} for claim in entry.claims],
            }
            for entry in cell.entries[language]
        ],
    }
