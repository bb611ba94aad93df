"""The tables: what an analyst's program reads out of them is what the dataset says."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from aisi_kg.errors import InputError
from aisi_kg.graph.prefixes import AISI, BASE, CLAIM_BASE, ENTITY_BASE, Prefixes
from aisi_kg.store.export import export, export_tables, write_export
from aisi_kg.store.export.csv_tables import guarded, unguarded, zipped
from aisi_kg.store.export.jsonld import Context

Table = list[dict[str, str]]


def read(content: bytes) -> Table:
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    head = rows[0]
    assert len(head) == len(set(head)), "two columns of one name"
    return [dict(zip(head, map(unguarded, row), strict=True)) for row in rows[1:]]


def tables(store: Store, prefixes: Prefixes, resource: str | None = None) -> dict[str, Table]:
    return {name: read(content) for name, content in export_tables(store, resource, prefixes=prefixes)}


@pytest.fixture(scope="module")
def small_tables(small: Store, prefixes: Prefixes) -> dict[str, Table]:
    return tables(small, prefixes)


@pytest.fixture(scope="module")
def whole_tables(real: Store, prefixes: Prefixes) -> dict[str, Table]:
    return tables(real, prefixes)


def test_the_tables_are_these(small_tables: dict[str, Table]) -> None:
    assert list(small_tables) == [
        "statements.csv",
        "claims.csv",
        "entities.csv",
        "footnotes.csv",
        "publications.csv",
        "passages.csv",
        "things/establishment.csv",
        "things/funding-commitment.csv",
        "things/reporting-gap.csv",
        "things/safety-institute.csv",
    ]


def test_a_claims_row(small_tables: dict[str, Table]) -> None:
    row = small_tables["claims.csv"][1]
    assert row["claim"] == BASE + "claim/concordia-2024/funding"
    assert (row["statement_en"], row["statement_zh"]) == ("The UK AISI has 100 million.", "英国一亿英镑。")
    assert (row["modality"], row["modality_en"], row["modality_zh"]) == (AISI + "Fact", "fact", "事实")
    assert row["source_zh"] == "一份报告"
    assert row["pages"] == "4; 10"
    assert row["sections"] == "2.1; 3.1"
    assert row["footnote_numbers"] == "2; 10"
    assert row["footnote_urls"] == "https://example.org/plan; https://example.org/budget"


def test_a_statements_row(small_tables: dict[str, Table]) -> None:
    row = next(r for r in small_tables["statements.csv"] if r["property"] == AISI + "amount")
    assert row["subject_zh"] == "英国所的资金"
    assert (row["property_en"], row["property_zh"]) == ("amount", "金额")
    assert (row["value"], row["datatype"]) == ("100.5", "http://www.w3.org/2001/XMLSchema#decimal")
    assert row["statement_en"] == "The UK AISI has 100 million."
    assert row["footnote_numbers"] == "2; 10"


def test_an_entitys_row(small_tables: dict[str, Table]) -> None:
    row = next(r for r in small_tables["entities.csv"] if r["entity"] == ENTITY_BASE + "uk-aisi")
    assert (row["label_en"], row["label_zh"]) == ("UK AI Safety Institute", "英国所")
    assert (row["short_name_en"], row["also_named_zh"]) == ("UK AISI", "英国AISI; 英国人工智能安全研究所")
    assert row["claim_count"] == "2"
    assert row["classes"] == f"http://www.w3.org/ns/prov#Agent; {AISI}SafetyInstitute"
    assert row["classes_zh"] == "; 人工智能安全研究所"


def test_the_rows_of_what_a_claim_rests_on(small_tables: dict[str, Table]) -> None:
    assert [row["number"] for row in small_tables["footnotes.csv"]] == ["2", "10"]
    assert [row["claim_count"] for row in small_tables["footnotes.csv"]] == ["2", "1"]
    plan = small_tables["publications.csv"][1]
    assert (plan["title_en"], plan["publishers_zh"], plan["issued"]) == ("The plan", "英国政府", "2023")
    assert small_tables["publications.csv"][0]["accessed"] == "2024-10-01"
    assert [row["start"] for row in small_tables["passages.csv"]] == ["5", "90", "900", "1000"]


def test_a_class_has_its_table_with_its_own_columns(small_tables: dict[str, Table]) -> None:
    (row,) = small_tables["things/funding-commitment.csv"]
    assert list(row) == [
        *("iri", "label_en", "label_zh", "amount"),
        *("fundingRecipient", "fundingRecipient_en", "fundingRecipient_zh"),
        *("claims", "footnote_numbers", "footnote_urls"),
    ]
    assert (row["amount"], row["fundingRecipient_en"]) == ("100.5", "UK AI Safety Institute")


def test_inferred_classes_have_tables_but_inferred_values_no_columns(whole_tables: dict[str, Table]) -> None:
    """A value in a row is somebody's claim."""
    assert "things/event.csv" in whole_tables
    for row in whole_tables["things/safety-institute.csv"]:
        assert "hasAccess" not in row


def test_no_statement_is_lost(real: Store, whole_tables: dict[str, Table]) -> None:
    rows = {
        (row["claim"], row["subject"], row["property"], row["value"], row["datatype"], row["language"])
        for row in whole_tables["statements.csv"]
    }
    expected = set()
    for quad in real:
        if isinstance(quad.graph_name, NamedNode) and quad.graph_name.value.startswith(CLAIM_BASE):
            value = quad.object
            assert isinstance(value, NamedNode | Literal)
            assert isinstance(quad.subject, NamedNode)
            literal = isinstance(value, Literal)
            expected.add(
                (
                    quad.graph_name.value,
                    quad.subject.value,
                    quad.predicate.value,
                    value.value,
                    value.datatype.value if isinstance(value, Literal) and not value.language else "",
                    (value.language or "") if literal and isinstance(value, Literal) else "",
                )
            )
    assert rows == expected
    assert len(whole_tables["statements.csv"]) == len(expected)


def test_whatever_has_a_name_is_named_in_both_languages(whole_tables: dict[str, Table]) -> None:
    for name, key in (("statements.csv", "modality"), ("claims.csv", "evidence"), ("entities.csv", "label")):
        for row in whole_tables[name]:
            assert row[f"{key}_en"], row
            assert row[f"{key}_zh"], row


@pytest.mark.parametrize(
    ("name", "kind"), [("footnotes.csv", "Footnote"), ("passages.csv", "Passage"), ("claims.csv", "Claim")]
)
def test_there_is_a_row_for_each(real: Store, whole_tables: dict[str, Table], name: str, kind: str) -> None:
    rdf_type = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    there = real.quads_for_pattern(None, rdf_type, NamedNode(AISI + kind), DefaultGraph())
    first = [next(iter(row.values())) for row in whole_tables[name]]
    assert sorted(first) == sorted(q.subject.value for q in there if isinstance(q.subject, NamedNode))


def test_of_one_resource_there_is_what_concerns_it(small: Store, prefixes: Prefixes) -> None:
    found = tables(small, prefixes, "entity:us-aisi")
    assert [row["claim"][-7:] for row in found["claims.csv"]] == ["silence"]
    assert [row["entity"] for row in found["entities.csv"]] == [ENTITY_BASE + "gap", ENTITY_BASE + "us-aisi"]
    assert found["footnotes.csv"] == []
    assert len(found["passages.csv"]) == 1
    assert list(found)[6:] == ["things/reporting-gap.csv", "things/safety-institute.csv"]


# Cells


@pytest.mark.parametrize(
    "value", ["=1+1", "+1 234", "-", "-x", "@SUM(A1)", "\t=1", "\r=1", "＝1", "－1", "'", "'=1"]
)
def test_what_a_spreadsheet_would_run_is_guarded(value: str) -> None:
    assert guarded(value) == "'" + value
    assert unguarded(guarded(value)) == value


@pytest.mark.parametrize(
    "value", ["", "1", "-1", "+1", "-12.5", "a=b", "https://example.org/", "人工智能", " =1"]
)
def test_anything_else_stays_as_it_is(value: str) -> None:
    assert guarded(value) == value


@given(st.text())
def test_every_value_comes_back(value: str) -> None:
    assert unguarded(guarded(value)) == value


def test_the_anchors_are_guarded_in_the_file_and_come_back(
    small: Store, prefixes: Prefixes, small_tables: dict[str, Table]
) -> None:
    content = dict(export_tables(small, prefixes=prefixes))["passages.csv"].decode()
    for cell in (",'=1+1,", ",'-,", ",'',"):
        assert cell in content
    assert [row["anchor"] for row in small_tables["passages.csv"]] == ["一", "=1+1", "-", "'"]


# Where the tables go


def test_the_archive_has_the_same_bytes_for_the_same_files(small: Store, prefixes: Prefixes) -> None:
    one, other = (zipped(export_tables(small, prefixes=prefixes)) for _ in range(2))
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert archive.testzip() is None
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {name: archive.read(name) for name in archive.namelist()} == dict(
            export_tables(small, prefixes=prefixes)
        )


@pytest.mark.parametrize("form", ["new/", "there", "tables.zip", "one.csv"])
def test_the_output_tells_the_form(
    small: Store, prefixes: Prefixes, context: Context, tmp_path: Path, form: str
) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "mine.txt").write_text("kept")
    (tmp_path / "there" / "claims.csv").write_text("old")
    output = io.BytesIO()
    told: list[str] = []
    place = f"{tmp_path}/{form}"
    write_export(
        small, "csv", None, place, prefixes=prefixes, context=context, stdout=output, tell=told.append
    )
    files = dict(export_tables(small, prefixes=prefixes))
    path = tmp_path / form
    if path.is_dir():
        assert {name: (path / name).read_bytes() for name in files} == files
        written = {p.relative_to(path).as_posix() for p in path.rglob("*") if p.is_file()}
        assert written - {"mine.txt"} == set(files)
        assert (tmp_path / "there" / "mine.txt").read_text() == "kept"
    elif form.endswith(".zip"):
        assert path.read_bytes() == zipped(files.items())
    else:
        assert path.read_bytes() == files["statements.csv"]
    assert output.getvalue() == b""
    assert told == []


def test_standard_output_gets_the_statements_and_a_word(
    small: Store, prefixes: Prefixes, context: Context
) -> None:
    output = io.BytesIO()
    told: list[str] = []
    write_export(
        small, "csv", None, None, prefixes=prefixes, context=context, stdout=output, tell=told.append
    )
    assert output.getvalue() == dict(export_tables(small, prefixes=prefixes))["statements.csv"]
    assert output.getvalue() == b"".join(export(small, "csv", prefixes=prefixes, context=context))
    assert len(told) == 1
    assert "-o DIRECTORY/" in told[0]
    assert "-o FILE.zip" in told[0]


def test_a_place_that_cannot_be_written_is_one_sentence(
    small: Store, prefixes: Prefixes, context: Context, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        write_export(
            small,
            "csv",
            None,
            f"{tmp_path}/file/",
            prefixes=prefixes,
            context=context,
            stdout=io.BytesIO(),
            tell=print,
        )
