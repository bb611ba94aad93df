"""Lay the answers of stored queries out for people: as a table of a page and as Markdown.

A column ``institute`` that has its names beside it, in columns ``instituteEn`` and ``instituteZh``, becomes
one column of names that are links; of texts in two columns only that in the reader's language is shown. The
formats for programs have all columns.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from aisi_kg.graph.prefixes import BASE, CLAIM_BASE, Prefixes
from aisi_kg.store.library.records import LANGUAGES, ColumnType, StoredQuery

__all__ = ["Cell", "Table", "laid_out", "markdown_table", "unnamed"]

_SUFFIXES = {language: language.capitalize() for language in LANGUAGES}
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#|~])")

_Row = Mapping[str, Mapping[str, str]]


class Cell(NamedTuple):
    """Hold what a cell shows: a text, what that names, and its language; each may be empty.

    :param text: the text.
    :param iri: the resource that it names.
    :param language: its language.
    :param kind: what stands in the column.
    """

    text: str
    iri: str = ""
    language: str = ""
    kind: ColumnType = ColumnType.LITERAL


@dataclass(frozen=True)
class Table:
    """Hold a table for people.

    :param heads: the names of the columns.
    :param rows: the cells of each row.
    """

    heads: list[str]
    rows: list[list[Cell]]


def unnamed(query: StoredQuery, rows: Iterable[_Row], most: int) -> list[str]:
    """List the resources of a result whose names do not stand beside them.

    :param query: the query.
    :param rows: the bindings of its solutions.
    :param most: how many to list.
    :returns: their IRIs.
    """
    names = {column.name for column in query.columns}
    alone = [
        column.name
        for column in query.columns
        if column.type is not ColumnType.CLAIM and column.name + _SUFFIXES["en"] not in names
    ]
    found: dict[str, None] = {}
    for row in rows:
        for name in alone:
            term = row.get(name)
            if term is not None and term["type"] == "uri" and _is_named(term["value"]):
                found[term["value"]] = None
                if len(found) == most:
                    return list(found)
    return list(found)


def _is_named(iri: str) -> bool:
    return iri.startswith(BASE) and not iri.startswith(CLAIM_BASE)


def laid_out(
    query: StoredQuery, rows: Iterable[_Row], labels: Mapping[str, str], language: str, prefixes: Prefixes
) -> Table:
    """Lay solutions out.

    :param query: the query.
    :param rows: the bindings of its solutions.
    :param labels: names of resources in the reader's language, by IRI.
    :param language: the reader's language.
    :param prefixes: what IRIs without a name are shortened with.
    :returns: the table.
    """
    names = [column.name for column in query.columns]
    own, other = (_SUFFIXES[each] for each in (language, *(e for e in LANGUAGES if e != language)))

    def is_shown(name: str) -> bool:
        stem = _stem(name)
        if stem is None or not {stem + own, stem + other} <= set(names):
            return True
        return stem not in names and name.endswith(own)

    shown = [name for name in names if is_shown(name)]

    kinds = {column.name: column.type for column in query.columns}

    def cell(row: _Row, name: str) -> Cell:
        term, kind = row.get(name), kinds[name]
        if term is None:
            return Cell("", kind=kind)
        if term["type"] != "uri":
            return Cell(term["value"], "", term.get("xml:lang", ""), kind)
        beside = row.get(name + own)
        text = beside["value"] if beside else labels.get(term["value"]) or prefixes.shorten(term["value"])
        return Cell(text, term["value"], language if beside or term["value"] in labels else "", kind)

    heads = [_stem(name) or name if name.endswith(own) else name for name in shown]
    return Table(heads, [[cell(row, name) for name in shown] for row in rows])


def _stem(name: str) -> str | None:
    for suffix in _SUFFIXES.values():
        if name.endswith(suffix) and len(name) > len(suffix):
            return name.removesuffix(suffix)
    return None


def markdown_table(table: Table) -> str:
    """Write a table in Markdown.

    :param table: the table.
    :returns: its lines.
    """
    lines = [table.heads, ["---"] * len(table.heads)]
    lines += [[_in_markdown(cell) for cell in row] for row in table.rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _in_markdown(cell: Cell) -> str:
    text = _MARKDOWN.sub(r"\\\1", " ".join(cell.text.split()))
    if not cell.iri.startswith(("https://", "http://")):
        return text
    address = cell.iri.replace("(", "%28").replace(")", "%29").replace("|", "%7C")
    return f"[{text}]({address})"
