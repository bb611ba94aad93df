"""Lay out what people read as a table, with the claims behind every value, and write it.

The table of a web page is written by the web layer; here are the formats that need nothing else: text for
a terminal, CSV, Markdown, JSON.
"""

import csv
import io
import json
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aisi_kg.graph.prefixes import Prefixes
from aisi_kg.store.export.csv_tables import BYTE_ORDER_MARK, guarded

__all__ = [
    "GRID_FORMATS",
    "NOTHING_STATED",
    "Cell",
    "Entry",
    "Grid",
    "as_csv",
    "as_json",
    "as_markdown",
    "as_text",
]

#: What stands in a cell of which the source has a dash.
NOTHING_STATED = "-"

_WIDTH = 100
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#|~])")


@dataclass(frozen=True)
class Entry:
    """Hold one value of a cell.

    :param text: what is read.
    :param claims: IRIs of the claims that state it.
    :param title: what the claims say, where that is more.
    :param iri: the resource that the text names; empty where the claim is what it leads to.
    :param is_gap: the claims say that nothing is stated.
    """

    text: str
    claims: tuple[str, ...] = ()
    title: str = ""
    iri: str = ""
    is_gap: bool = False


@dataclass(frozen=True)
class Cell:
    """Hold the values of a cell, in order; an empty cell has none."""

    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Grid:
    """Hold a table for people.

    :param title: its title.
    :param description: what it shows, in a sentence.
    :param heads: the names of the columns.
    :param rows: the cells of each row; the first heads it.
    :param language: the language that it is written in.
    :param data: the same for programs.
    """

    title: str
    description: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    language: str
    data: Mapping[str, Any] = field(default_factory=dict)


def as_json(grids: Iterable[Grid]) -> str:
    """Write tables for programs.

    :param grids: the tables.
    :returns: the object of one; of several, an object with each by its name.
    """
    values = [dict(grid.data) for grid in grids]
    value = values[0] if len(values) == 1 else {str(each["name"]): each for each in values}
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def as_csv(grids: Iterable[Grid]) -> str:
    """Write a table for a spreadsheet: a line a value in each cell, the claims' IRIs behind it.

    :param grids: the table; of several, one below the other with a blank line between.
    :returns: the text, with a mark for Excel that it is UTF-8.
    """
    output = io.StringIO(newline="")
    writer = csv.writer(output)
    for number, grid in enumerate(grids):
        if number:
            writer.writerow([])
        writer.writerow([guarded(head) for head in grid.heads])
        for row in grid.rows:
            writer.writerow([guarded("\n".join(map(_with_claims, cell.entries))) for cell in row])
    return BYTE_ORDER_MARK + output.getvalue()


def _with_claims(entry: Entry) -> str:
    return " ".join([_line(entry.text), *(f"<{claim}>" for claim in entry.claims)])


def _line(text: str) -> str:
    return " ".join(text.split())


def as_markdown(grids: Iterable[Grid]) -> str:
    """Write tables in Markdown.

    :param grids: the tables.
    :returns: the text.
    """
    return "\n".join(_one_markdown(grid) for grid in grids)


def _one_markdown(grid: Grid) -> str:
    heads = [_escaped(head) for head in grid.heads]
    lines = [heads, ["---"] * len(heads)]
    lines += [["<br>".join(map(_linked, cell.entries)) for cell in row] for row in grid.rows]
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return f"# {_escaped(grid.title)}\n\n{_escaped(grid.description)}\n\n{table}"


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", _line(text))


def _linked(entry: Entry) -> str:
    text = _escaped(entry.text)
    if entry.iri:
        text = f"[{text}]({_address(entry.iri)})"
    elif len(entry.claims) == 1:
        return f"[{text}]({_address(entry.claims[0])})"
    links = ", ".join(f"[{number}]({_address(claim)})" for number, claim in enumerate(entry.claims, 1))
    return f"{text} ({links})" if links else text


def _address(iri: str) -> str:
    return iri.replace("(", "%28").replace(")", "%29").replace("|", "%7C")


def as_text(grids: Iterable[Grid], prefixes: Prefixes) -> str:
    """Write tables for a terminal: row by row, each cell below its column's name.

    :param grids: the tables.
    :param prefixes: what claims are shortened with.
    :returns: the text.
    """
    return "\n".join(_one_text(grid, prefixes.shorten) for grid in grids)


def _one_text(grid: Grid, shorten: Callable[[str], str]) -> str:
    lines = [grid.title, *textwrap.wrap(grid.description, _WIDTH), ""]
    for head, *cells in grid.rows:
        lines += [" ".join(entry.text for entry in head.entries)]
        for name, cell in zip(grid.heads[1:], cells, strict=True):
            if not cell.entries:
                continue
            lines.append(f"  {name}")
            for entry in cell.entries:
                claims = " ".join(f"[{shorten(claim)}]" for claim in entry.claims)
                # Where the text is the claim's own name, that is enough.
                is_name = len(entry.claims) == 1 and entry.claims[0].endswith(f"/{entry.text}")
                said = " ".join(each for each in ("" if is_name else _line(entry.text), claims) if each)
                lines += textwrap.wrap(
                    said,
                    _WIDTH,
                    initial_indent="    ",
                    subsequent_indent="      ",
                    break_on_hyphens=False,
                    break_long_words=False,
                )
        lines.append("")
    return "\n".join(lines)


#: How a table is written, by the name of the format; ``html`` is the web layer's.
GRID_FORMATS: Mapping[str, Callable[[Iterable[Grid], Prefixes], str]] = {
    "text": as_text,
    "csv": lambda grids, _: as_csv(grids),
    "json": lambda grids, _: as_json(grids),
    "markdown": lambda grids, _: as_markdown(grids),
}
