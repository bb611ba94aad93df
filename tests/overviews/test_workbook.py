"""Tables as workbooks for Excel, read back as the parts that they are."""

import io
import re
import zipfile
from xml.etree import ElementTree as ET

from pyoxigraph import Store

from aisi_kg.graph.prefixes import CLAIM_BASE
from aisi_kg.store.claims import read_claims
from aisi_kg.store.grids import Cell, Entry, Grid
from aisi_kg.store.inquiry import conduct
from aisi_kg.store.library.records import Library
from aisi_kg.store.tables import rebuild, table_grid
from aisi_kg.store.workbook import as_xlsx

CLAIM = CLAIM_BASE + "concordia-2024/"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheets(content: bytes) -> dict[str, dict[str, str]]:
    """Read a workbook: the texts and numbers of each sheet by cell."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        shared = [
            "".join(part.itertext())
            for part in ET.fromstring(archive.read("xl/sharedStrings.xml")).iter(f"{MAIN}si")
        ]
        book = ET.fromstring(archive.read("xl/workbook.xml"))
        names = [str(sheet.get("name")) for sheet in book.iter(f"{MAIN}sheet")]
        found = {}
        for number, name in enumerate(names, 1):
            text = archive.read(f"xl/worksheets/sheet{number}.xml").decode()
            # A formula of somebody's text would be evaluated where the file is opened.
            assert "<f>" not in text
            cells = {}
            for cell in ET.fromstring(text).iter(f"{MAIN}c"):
                value = cell.findtext(f"{MAIN}v") or ""
                cells[str(cell.get("r"))] = shared[int(value)] if cell.get("t") == "s" else value
            found[name] = cells
        return found


def workbook(store: Store, library: Library, language: str) -> bytes:
    grid = table_grid(conduct(store, rebuild(library, "3.1")), language)
    claims = {claim for row in grid.rows for cell in row for entry in cell.entries for claim in entry.claims}
    return as_xlsx([grid], conduct(store, read_claims(claims)), ["where from"])


def test_a_table_has_a_sheet_for_its_claims(store: Store, library: Library) -> None:
    found = sheets(workbook(store, library, "en"))
    names = list(found)
    assert names[1:] == ["Claims", "About"]
    table, claims, about = found.values()
    assert len(names[0]) <= 31
    assert [table[f"{column}1"] for column in "ABCD"] == ["Row", "institute", "funding", "people"]
    assert table["A3"] == "=Syldavian | <b>Institute</b>"
    assert table["C3"] == "not stated"
    assert "D3" not in table or table["D3"] == ""
    assert table["C2"].split("\n")[0] == "Initial money of the institute: more than GBP 1.5 billion"
    listed = {claims[cell]: cell[1:] for cell in claims if re.fullmatch(r"A\d+", cell)}
    row = listed[CLAIM + "r-money"]
    assert [claims[f"{column}{row}"] for column in "BCDF"] == [
        "It has at first more than 1.5 billion pounds.",
        "fact",
        "3.1, 2",
        "7, 8",
    ]
    assert "where from" in about.values()


def test_it_is_in_the_language_and_the_same_each_time(store: Store, library: Library) -> None:
    chinese = workbook(store, library, "zh")
    table, *_ = sheets(chinese).values()
    assert table["C3"] == "未说明"
    assert chinese == workbook(store, library, "zh")


def test_names_of_sheets_are_ones_that_excel_takes() -> None:
    row = (Cell((Entry("=1+1"),)),)
    title = "A/B: [a] 'very' long * title? \\ of a table"
    grids = [Grid(title, "d", ("=HEAD()",), (row,), "en")] * 3
    names = list(sheets(as_xlsx(grids, {})))
    assert len({name.casefold() for name in names}) == 5
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)


def test_a_text_that_is_too_long_for_a_cell_is_cut() -> None:
    grid = Grid("t", "d", ("h",), ((Cell((Entry("x" * 40_000),)),),), "en")
    table, *_ = sheets(as_xlsx([grid], {})).values()
    assert table["A2"] == "x" * 32_767
