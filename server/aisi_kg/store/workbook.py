"""Write tables for people as a workbook for Excel: a sheet a table, and one with the claims behind values.

What is written follows from the tables alone, so that the same table has the same bytes on every day.
"""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from xlsxwriter import Workbook

from aisi_kg.store.claims import Claim
from aisi_kg.store.grids import Grid
from aisi_kg.store.library.records import Text

__all__ = ["as_xlsx"]

_NOT_STATED = Text(en="not stated", zh="未说明")
_CLAIMS = Text(en="Claims", zh="论断")
_ABOUT = Text(en="About", zh="说明")
_HOW = Text(
    en=(
        "“not stated” is where a claim says that the source states nothing; an empty cell has no claim. The "
        "sheet of claims says where the source says it."
    ),
    zh="“未说明”表示有论断指出来源未述及；空格表示没有论断。论断工作表注明其在来源中的位置。",
)
_HEADS = (
    Text(en="Claim", zh="论断"),
    Text(en="Statement", zh="表述"),
    Text(en="How the source puts it", zh="表述方式"),
    Text(en="Section", zh="章节"),
    Text(en="Page", zh="页码"),
    Text(en="Footnotes", zh="脚注"),
    Text(en="Publications", zh="出版物"),
)
#: A workbook bears the time at which it was made; this one is no time at all.
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
#: Excel takes no more characters in a cell, and so many in the name of a sheet.
_LONGEST_CELL, _LONGEST_NAME = 32_767, 31
_NOT_IN_NAME = re.compile(r"[\[\]:*?/\\']")
_WIDTH, _WIDE = 28, 60


def as_xlsx(grids: Sequence[Grid], claims: Mapping[str, Claim], notes: Iterable[str] = ()) -> bytes:
    """Write tables as a workbook.

    :param grids: the tables, all in one language.
    :param claims: the claims that the tables name, by their IRIs.
    :param notes: what is to be said of the whole: where it comes from, its version, its licence.
    :returns: the workbook, Office Open XML.
    """
    output = io.BytesIO()
    # What looks like a formula or an address stays text; Excel would evaluate the one and cut the other.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    language = grids[0].language
    with Workbook(output, options) as book:
        book.set_properties({"title": grids[0].title, "created": _CREATED})
        head = book.add_format({"bold": True, "bg_color": "#E2F1F2", "text_wrap": True, "valign": "top"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        names: set[str] = set()
        for grid in grids:
            sheet = book.add_worksheet(_sheet_name(grid.title, names))
            _fill(sheet, grid.heads, [[_text(cell, grid) for cell in row] for row in grid.rows], head, plain)
        sheet = book.add_worksheet(_sheet_name(_CLAIMS.in_language(language), names))
        rows = [_claim_row(claim, language) for claim in claims.values()]
        _fill(sheet, [each.in_language(language) for each in _HEADS], rows, head, plain)
        sheet.set_column(0, 1, _WIDE)
        sheet = book.add_worksheet(_sheet_name(_ABOUT.in_language(language), names))
        sheet.set_column(0, 0, _WIDE * 2)
        for number, note in enumerate([*(grid.title for grid in grids), _HOW.in_language(language), *notes]):
            sheet.write_string(number, 0, note[:_LONGEST_CELL], plain)
    return output.getvalue()


def _sheet_name(title: str, taken: set[str]) -> str:
    """Make a title the name of a sheet: short, without signs that Excel refuses, and not there already."""
    stem = " ".join(_NOT_IN_NAME.sub(" ", title).split()) or "-"
    name, number = stem[:_LONGEST_NAME], 1
    while name.casefold() in taken:
        number += 1
        end = f" {number}"
        name = stem[: _LONGEST_NAME - len(end)] + end
    taken.add(name.casefold())
    return name


def _fill(
    sheet: Any, heads: Iterable[str], rows: Iterable[Iterable[str | int]], head: Any, plain: Any
) -> None:
    for column, name in enumerate(heads):
        sheet.write_string(0, column, name, head)
        sheet.set_column(column, column, _WIDTH)
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, int):
                sheet.write_number(number, column, value, plain)
            else:
                sheet.write_string(number, column, value[:_LONGEST_CELL], plain)
    # The heads and the first column stay in sight.
    sheet.freeze_panes(1, 1)


def _text(cell: Any, grid: Grid) -> str:
    stated = _NOT_STATED.in_language(grid.language)
    return "\n".join(stated if entry.is_gap else " ".join(entry.text.split()) for entry in cell.entries)


def _claim_row(claim: Claim, language: str) -> list[str | int]:
    sections = dict.fromkeys(passage.section for passage in claim.passages)
    pages = dict.fromkeys(passage.page for passage in claim.passages)
    works = dict.fromkeys(work.title(language) for each in claim.footnotes for work in each.works)
    page: str | int = next(iter(pages)) if len(pages) == 1 else ", ".join(map(str, pages))
    return [
        claim.iri,
        claim.statement.in_language(language),
        claim.modality[1].in_language(language),
        ", ".join(sections),
        page,
        ", ".join(str(each.number) for each in claim.footnotes),
        "; ".join(works),
    ]
