"""The report's tables put together again: exactly on invented institutes, by invariants on the report's."""

import csv
import io
import json

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from aisi_kg.errors import UnknownResource
from aisi_kg.graph.prefixes import AISI, Prefixes
from aisi_kg.store.grids import NOTHING_STATED, as_csv, as_json, as_markdown, as_text
from aisi_kg.store.inquiry import conduct
from aisi_kg.store.library.description import library_of
from aisi_kg.store.library.records import Library
from aisi_kg.store.tables import TABLES, Table, rebuild, table_grid

CLAIM = "https://w3id.org/aisi-kg/claim/concordia-2024/"
ENTITY = "https://w3id.org/aisi-kg/entity/"
DEFAULT = DefaultGraph()


@pytest.fixture(scope="module")
def table(store: Store, library: Library) -> Table:
    return conduct(store, rebuild(library, "3.1"))


def cells(table: Table, language: str) -> list[list[list[str]]]:
    return [
        [table.cells[row, column].texts(language) for column, _ in table.columns] for row, _ in table.rows
    ]


def test_rows_columns_and_values_are_in_order(table: Table) -> None:
    assert [name.en for _, name in table.columns] == ["institute", "funding", "people"]
    assert [name.en for _, name in table.rows] == ["Ruritanian Institute", "=Syldavian | <b>Institute</b>"]
    assert cells(table, "en") == [
        [
            ["Ruritania"],
            # A label that says it; a plan, which its label does not tell from a fact.
            ["Initial money of the institute: more than GBP 1.5 billion", "The money is to last until 2030"],
            [
                # Two claims with the same label, something about somebody else, a number, a denial.
                "The chair is in the institute",
                "Rudolf is chair",
                "Rudolf is an investor",
                "Staff of the institute: 1,234 technical staff",
                "It is not an initial one",
            ],
        ],
        [["Syldavia"], [NOTHING_STATED], []],
    ]


def test_it_is_the_same_table_in_chinese(table: Table) -> None:
    assert cells(table, "zh") == [
        [
            ["卢里塔尼亚"],
            ["研究所的资金：超过15亿英镑（初始）", "资金将维持至2030年"],
            ["主席在该研究所", "Rudolf是主席", "Rudolf是投资人", "研究所人数：1234（技术人员）", "并非初始"],
        ],
        [["西尔达维亚"], [NOTHING_STATED], []],
    ]


def test_programs_get_the_values_apart(table: Table) -> None:
    data = json.loads(as_json([table_grid(table, "en")]))
    money, until = data["rows"][0]["cells"][1]["values"]
    assert money["claim"] == CLAIM + "r-money"
    assert money["of"] == [
        {
            "iri": ENTITY + "r-fund",
            "label": "Initial money of the institute",
            "number": "1500000000",
            "comparator": "more than",
            "unit": "pound sterling",
            "currency": "GBP",
            "details": ["initial"],
        }
    ]
    assert (until["of"][0]["date"], until["of"][0]["precision"]) == ("2030", "year")
    gap = data["rows"][1]["cells"][1]
    assert gap["notStated"]
    assert gap["values"][0]["of"] == []
    empty = data["rows"][1]["cells"][2]
    assert (empty["notStated"], empty["values"]) == (False, [])


def test_a_spreadsheet_takes_nothing_for_a_formula(table: Table) -> None:
    text = as_csv([table_grid(table, "en")])
    assert text.startswith("\ufeff")
    head, first, second = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    assert head == ["Row", "institute", "funding", "people"]
    assert first[2].split("\n")[1] == f"The money is to last until 2030 <{CLAIM}r-until>"
    assert second == [
        "'=Syldavian | <b>Institute</b>",
        f"Syldavia <{CLAIM}s-of>",
        f"'- <{CLAIM}s-no-money>",
        "",
    ]


def test_markdown_has_every_value_as_a_link(table: Table) -> None:
    lines = as_markdown([table_grid(table, "en")]).splitlines()
    assert lines[-1] == (
        f"| [=Syldavian \\| \\<b\\>Institute\\</b\\>]({ENTITY}syldavia-aisi) | [Syldavia]({CLAIM}s-of) | "
        f"[-]({CLAIM}s-no-money) |  |"
    )


def test_a_terminal_gets_it_row_by_row(table: Table, prefixes: Prefixes) -> None:
    text = as_text([table_grid(table, "en")], prefixes)
    assert (
        "=Syldavian | <b>Institute</b>\n  institute\n    Syldavia [claim:s-of]\n  funding\n"
        "    - [claim:s-no-money]\n"
    ) in text
    assert max(map(len, text.splitlines())) <= 100


def test_another_table_is_refused(store: Store, library: Library) -> None:
    with pytest.raises(UnknownResource, match=r"There is no table '4\.1'; there are 3\.1 and 3\.2\."):
        conduct(store, rebuild(library, "4.1"))
    with pytest.raises(UnknownResource, match="no stored query table-3-1"):
        conduct(store, rebuild(Library(), "3.1"))


# The report's own tables.

SIZES = {"3.1": (8, 6), "3.2": (8, 7)}


@pytest.fixture(scope="module", params=list(TABLES))
def real_table(request: pytest.FixtureRequest, real: Store) -> Table:
    return conduct(real, rebuild(library_of(real), request.param))


def in_cells(real: Store, number: str) -> dict[str, tuple[str, str]]:
    """Find the cell of each claim of a table: by its row, its column and the section of its passages."""
    found = {}
    row, column = NamedNode(AISI + "tableRow"), NamedNode(AISI + "tableColumn")
    quoted = NamedNode("http://www.w3.org/ns/prov#wasQuotedFrom")
    section = NamedNode(AISI + "section")
    for quad in real.quads_for_pattern(None, row, None, DEFAULT):
        for other in real.quads_for_pattern(quad.subject, column, None, DEFAULT):
            passages = [each.object for each in real.quads_for_pattern(quad.subject, quoted, None, DEFAULT)]
            sections = {
                each.object.value
                for passage in passages
                if isinstance(passage, NamedNode)
                for each in real.quads_for_pattern(passage, section, None, DEFAULT)
                if isinstance(each.object, Literal)
            }
            if number in sections:
                assert isinstance(quad.subject, NamedNode)
                assert isinstance(quad.object, NamedNode)
                assert isinstance(other.object, NamedNode)
                found[quad.subject.value] = (quad.object.value, other.object.value)
    return found


def test_every_claim_of_a_cell_is_in_its_cell_once(real: Store, real_table: Table) -> None:
    shown = [(claim.iri, key) for key, cell in real_table.cells.items() for claim in cell.claims]
    assert len(shown) == len({claim for claim, _ in shown})
    assert dict(shown) == in_cells(real, real_table.number)
    # Between them, the two tables show every claim that names a row and a column.
    everywhere = {
        quad.subject.value
        for quad in real.quads_for_pattern(None, NamedNode(AISI + "tableColumn"), None, DEFAULT)
        if isinstance(quad.subject, NamedNode)
    }
    assert everywhere == {claim for number in TABLES for claim in in_cells(real, number)}


def test_it_has_the_size_of_the_report(real_table: Table) -> None:
    assert (len(real_table.rows), len(real_table.columns)) == SIZES[real_table.number]
    assert len(real_table.cells) == len(real_table.rows) * len(real_table.columns)


def test_a_dash_is_where_the_report_has_one(real: Store, real_table: Table) -> None:
    not_stated = {
        quad.subject.value
        for quad in real.quads_for_pattern(
            None, NamedNode(AISI + "modality"), NamedNode(AISI + "NotStated"), DEFAULT
        )
        if isinstance(quad.subject, NamedNode)
    }
    gaps = {cell for claim, cell in in_cells(real, real_table.number).items() if claim in not_stated}
    for key, cell in real_table.cells.items():
        if key in gaps:
            assert [claim.iri in not_stated for claim in cell.claims] == [True]
            assert cell.texts("en") == cell.texts("zh") == [NOTHING_STATED]
        else:
            assert NOTHING_STATED not in cell.texts("en") + cell.texts("zh")
    assert gaps


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_value_is_without_words_or_twice_in_a_cell(real_table: Table, language: str) -> None:
    for cell in real_table.cells.values():
        texts = cell.texts(language)
        assert cell.claims
        assert all(text.strip() for text in texts)
        assert len(set(texts)) == len(texts)
        assert all(claim.is_gap or claim.values for claim in cell.claims)


def test_there_are_nineteen_dashes(real: Store) -> None:
    tables = [conduct(real, rebuild(library_of(real), number)) for number in TABLES]
    dashes = [sum(cell.texts("en") == [NOTHING_STATED] for cell in each.cells.values()) for each in tables]
    assert dashes == [6, 13]
