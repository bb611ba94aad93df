"""Put the report's tables together again from what the claims of their cells say.

A cell lists its claims in the report's order, each with a text that is read from the labels of the graph:
the thing that the claim describes, with its date or number, or what the row's institute is related to. Where
that would not say what the claim says (a denial, something about somebody else, two things at once, the same
words as another claim of the cell, a plan, which the label of the thing planned does not tell from a fact),
the claim's statement serves. Where the report has a dash, so has the cell, with the claim that nothing is
stated; where it has nothing, the cell is empty.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aisi_kg.errors import UnknownResource
from aisi_kg.graph.prefixes import AISI
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.grids import NOTHING_STATED, Cell, Entry, Grid
from aisi_kg.store.inquiry import Inquiry, Solution, text_of_term
from aisi_kg.store.library.records import Library, StoredQuery, Text
from aisi_kg.store.wording import date_precision, date_text, sum_text

__all__ = ["TABLES", "CellClaim", "CellValue", "Table", "TableCell", "rebuild", "stored_query", "table_grid"]

#: The tables, with titles of ours.
TABLES: Mapping[str, Text] = {
    "3.1": Text(
        en="Table 3.1: the institutes, their establishment, set-up, money and people",
        zh="表3.1：各研究所的成立、机构设置、资金与人员",
    ),
    "3.2": Text(
        en="Table 3.2: the institutes, their goals, functions, risks and work",
        zh="表3.2：各研究所的目标、职能、关注风险与工作",
    ),
}
_DESCRIPTION = Text(
    en=(
        "Put together again from the claims of the report's table, in its order. Every value leads to its "
        f"claim; {NOTHING_STATED} is where the report says nothing."
    ),
    zh=f"依据报告该表各单元格的论断、按其顺序重建。每个值均链接至其论断；“{NOTHING_STATED}”表示报告未述及。",
)
_HEAD = Text(en="Row", zh="行")

#: What these relate the row's institute to says by itself what the claim says, below the column's name.
_PLAIN = frozenset(
    AISI + name
    for name in (
        "bodyNature",
        "hasParentAgency",
        "instituteOf",
        "institutionalBasis",
        "priorityRisk",
        "priorityTopic",
        "risk",
        "runs",
    )
)
_CURRENCIES = f"""PREFIX aisi: <{AISI}>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?label ?code WHERE {{
  ?currency a aisi:Currency ; skos:notation ?code ; skos:prefLabel ?label .
  FILTER(LANG(?label) = "en")
}}
ORDER BY ?code"""
_NO_FACTS = f"""PREFIX aisi: <{AISI}>
SELECT DISTINCT ?claim WHERE {{
  ?claim aisi:tableRow ?row ; aisi:modality ?modality .
  FILTER(?modality NOT IN (aisi:Fact, aisi:NotStated))
}}
ORDER BY ?claim"""


@dataclass(frozen=True)
class CellValue:
    """Hold what a claim gives for a cell.

    :param about: IRI of the agent that the claim relates to the value; empty where it describes the value.
    :param property: IRI of the property that relates them; empty likewise.
    :param iri: IRI of the value.
    :param label: what it is called.
    :param date: its date as stated; empty where it has none.
    :param number: its number; empty where it has none.
    :param comparator: what bounds the number.
    :param unit: what the number counts.
    :param currency: the code of the currency, where that is the unit.
    :param details: what the claim adds: activities, methods, qualities.
    """

    about: str
    property: str
    iri: str
    label: Text
    date: str = ""
    number: str = ""
    comparator: Text | None = None
    unit: Text | None = None
    currency: str = ""
    details: tuple[Text, ...] = ()

    def text(self, language: str) -> str:
        """Say the value.

        :param language: ``en`` or ``zh``.
        :returns: its label, with number, date and details.
        """
        label = self.label.in_language(language)
        said = []
        if self.number:
            # What the label names need not be named again.
            named = self.unit is not None and self.unit.in_language(language).casefold() in label.casefold()
            unit = None if named and not self.currency else self.unit
            said.append(sum_text(self.number, self.comparator, unit, self.currency, language))
        if self.date:
            said.append(date_text(self.date, language))
        said = [each for each in said if each.casefold() not in label.casefold()]
        comma, colon = ("，", "：") if language == "zh" else (", ", ": ")
        details = [detail.in_language(language) for detail in self.details]
        more = comma.join(detail for detail in details if detail.casefold() not in label.casefold())
        text = f"{label}{colon}{comma.join(said)}" if said else label
        if not more:
            return text
        return f"{text}（{more}）" if language == "zh" else f"{text} ({more})"


@dataclass(frozen=True)
class CellClaim:
    """Hold one claim of a cell.

    :param iri: the claim.
    :param statement: what it says in a sentence.
    :param is_gap: it says that nothing is stated.
    :param is_fact: the report puts it as a fact.
    :param values: what it gives for the cell; none where nothing is stated.
    """

    iri: str
    statement: Text
    is_gap: bool
    is_fact: bool
    values: tuple[CellValue, ...]


@dataclass(frozen=True)
class TableCell:
    """Hold a cell.

    :param row: the institute of its row.
    :param column: the aspect of its column.
    :param claims: its claims in order; none where the report's cell is empty.
    """

    row: str
    column: str
    claims: tuple[CellClaim, ...]

    def texts(self, language: str) -> list[str]:
        """Say the values of the cell.

        :param language: ``en`` or ``zh``.
        :returns: a text for each claim.
        """
        texts = [_from_labels(claim, self.row, language) for claim in self.claims]
        often = Counter(texts)
        said = []
        for text, claim in zip(texts, self.claims, strict=True):
            # One that two claims share says of neither what it says.
            is_clear = text is not None and (often[text] == 1 or claim.is_gap)
            said.append(text if is_clear and text else _sentence(claim, language))
        return said


def _from_labels(claim: CellClaim, row: str, language: str) -> str | None:
    if claim.is_gap:
        return NOTHING_STATED
    if len(claim.values) != 1 or not claim.is_fact:
        return None
    (value,) = claim.values
    if value.property and (value.about != row or value.property not in _PLAIN):
        return None
    return value.text(language) or None


def _sentence(claim: CellClaim, language: str) -> str:
    return claim.statement.in_language(language).rstrip(".。")


@dataclass(frozen=True)
class Table:
    """Hold a table of the report.

    :param number: its number.
    :param columns: IRI and name of each column.
    :param rows: IRI and name of each row.
    :param cells: the cells by row and column, each there.
    """

    number: str
    columns: tuple[tuple[str, Text], ...]
    rows: tuple[tuple[str, Text], ...]
    cells: Mapping[tuple[str, str], TableCell]


def stored_query(library: Library, name: str) -> StoredQuery:
    """Find a stored query that a page or a command rests on.

    :param library: the stored queries of the dataset.
    :param name: the id of the query.
    :returns: the query.
    :raises UnknownResource: if the dataset does not have it.
    """
    query = library.queries.get(name)
    if query is None:
        raise UnknownResource(f"The dataset has no stored query {name}, which this rests on; build it anew.")
    return query


def rebuild(library: Library, number: str) -> Inquiry[Table]:
    """Put a table together.

    :param library: the stored queries of the dataset.
    :param number: ``3.1`` or ``3.2``.
    :returns: the table.
    :raises UnknownResource: if there is no such table, or the dataset does not have its query.
    """
    if number not in TABLES:
        raise UnknownResource(f"There is no table {number[:20]!a}; there are {' and '.join(TABLES)}.")
    query = stored_query(library, f"table-{number.replace('.', '-')}")
    solutions = yield QueryRequest(query.text)
    currencies = {each["label"].value: each["code"].value for each in (yield QueryRequest(_CURRENCIES))}
    no_facts = {each["claim"].value for each in (yield QueryRequest(_NO_FACTS))}
    columns: dict[str, tuple[int, Text]] = {}
    rows: dict[str, Text] = {}
    found: dict[tuple[str, str], dict[str, CellClaim]] = {}
    for solution in solutions:
        row, column = solution["row"].value, solution["column"].value
        rows.setdefault(row, _both(solution, "rowLabel"))
        columns.setdefault(column, (int(solution["columnStart"].value), _both(solution, "columnLabel")))
        claims = found.setdefault((row, column), {})
        iri = solution["claim"].value
        is_gap = text_of_term(solution, "notStated") == "true"
        claim = CellClaim(iri, _both(solution, "statement"), is_gap, iri not in no_facts, ())
        claim = claims.setdefault(claim.iri, claim)
        claims[claim.iri] = replace(claim, values=_joined(claim.values, _values(solution, currencies)))
    ordered = sorted(columns, key=lambda column: columns[column][0])
    return Table(
        number,
        tuple((column, columns[column][1]) for column in ordered),
        tuple(rows.items()),
        {
            (row, column): TableCell(row, column, tuple(found.get((row, column), {}).values()))
            for row in rows
            for column in ordered
        },
    )


def _both(solution: Solution, name: str) -> Text:
    return Text(en=text_of_term(solution, name + "En"), zh=text_of_term(solution, name + "Zh"))


def _values(solution: Solution, currencies: Mapping[str, str]) -> Iterator[CellValue]:
    """Read the value of a solution, if there is one."""
    if "value" not in solution:
        return
    unit = _both(solution, "unit") if "unitEn" in solution else None
    yield CellValue(
        about=text_of_term(solution, "about"),
        property=text_of_term(solution, "property"),
        iri=solution["value"].value,
        label=_both(solution, "value"),
        date=text_of_term(solution, "date"),
        number=text_of_term(solution, "number"),
        comparator=_both(solution, "comparator") if "comparatorEn" in solution else None,
        unit=unit,
        currency=currencies.get(unit.en, "") if unit else "",
        details=(_both(solution, "detail"),) if "detailEn" in solution else (),
    )


def _joined(values: Sequence[CellValue], more: Iterator[CellValue]) -> tuple[CellValue, ...]:
    """Add a value; one that differs from the last in its detail alone adds that."""
    joined = list(values)
    for value in more:
        if joined and replace(joined[-1], details=()) == replace(value, details=()):
            details = dict.fromkeys([*joined[-1].details, *value.details])
            joined[-1] = replace(joined[-1], details=tuple(details))
        else:
            joined.append(value)
    return tuple(joined)


def table_grid(table: Table, language: str) -> Grid:
    """Lay a table out.

    :param table: the table.
    :param language: ``en`` or ``zh``.
    :returns: the layout.
    """
    rows = []
    for row, name in table.rows:
        cells = [Cell((Entry(name.in_language(language), iri=row),))]
        cells += [_cell(table.cells[row, column], language) for column, _ in table.columns]
        rows.append(tuple(cells))
    title = TABLES[table.number].in_language(language)
    return Grid(
        title,
        _DESCRIPTION.in_language(language),
        (_HEAD.in_language(language), *(name.in_language(language) for _, name in table.columns)),
        tuple(rows),
        language,
        {
            "name": table.number,
            "title": title,
            "language": language,
            "columns": [{"iri": iri, "label": name.in_language(language)} for iri, name in table.columns],
            "rows": [
                {
                    "iri": row,
                    "label": name.in_language(language),
                    "cells": [_cell_data(table.cells[row, column], language) for column, _ in table.columns],
                }
                for row, name in table.rows
            ],
        },
    )


def _cell(cell: TableCell, language: str) -> Cell:
    return Cell(
        tuple(
            Entry(text, (claim.iri,), claim.statement.in_language(language), is_gap=claim.is_gap)
            for text, claim in zip(cell.texts(language), cell.claims, strict=True)
        )
    )


def _cell_data(cell: TableCell, language: str) -> dict[str, Any]:
    return {
        "column": cell.column,
        "notStated": any(claim.is_gap for claim in cell.claims),
        "values": [
            {
                "text": text,
                "claim": claim.iri,
                "statement": claim.statement.in_language(language),
                "notStated": claim.is_gap,
                "of": [_value_data(value, language) for value in claim.values],
            }
            for text, claim in zip(cell.texts(language), cell.claims, strict=True)
        ],
    }


def _value_data(value: CellValue, language: str) -> dict[str, Any]:
    data = {
        "about": value.about,
        "property": value.property,
        "iri": value.iri,
        "label": value.label.in_language(language),
        "date": value.date,
        "precision": date_precision(value.date) if value.date else "",
        "number": value.number,
        "comparator": value.comparator.in_language(language) if value.comparator else "",
        "unit": value.unit.in_language(language) if value.unit else "",
        "currency": value.currency,
        "details": [detail.in_language(language) for detail in value.details],
    }
    return {name: each for name, each in data.items() if each}
