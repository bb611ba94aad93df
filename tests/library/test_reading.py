"""The files of stored queries: each fault is found, at its place, and named so that it can be mended."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from aisi_kg.graph.findings import Finding, Severity
from aisi_kg.graph.prefixes import AISI, ENTITY_BASE, load_prefixes
from aisi_kg.project import Project
from aisi_kg.store.library.reading import RULE, ReadLibrary, check_members, read_library
from aisi_kg.store.library.records import Column, ColumnType, Form, ParameterType, Text

INVALID = Path(__file__).parent / "invalid"
FILES = sorted(path.relative_to(INVALID).as_posix() for path in INVALID.rglob("*.rq"))
# The first of two files with one id is read as it stands; the second is at fault.
WITHOUT_FAULT = {"sub/twin-a.rq"}


@pytest.fixture(scope="module")
def read(project: Project) -> ReadLibrary:
    return read_library(replace(project, root=INVALID, queries=INVALID), load_prefixes(project))


@pytest.fixture(scope="module")
def expected() -> list[dict[str, str]]:
    with (INVALID / "expected.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("file", FILES)
def test_each_fault_is_found_at_its_place(
    read: ReadLibrary, expected: list[dict[str, str]], file: str
) -> None:
    found = [
        (str(finding.line), str(finding.column or ""), finding.message)
        for finding in read.findings
        if finding.file == file
    ]
    assert found == [(row["line"], row["column"], row["message"]) for row in expected if row["file"] == file]
    assert bool(found) == (file not in WITHOUT_FAULT)


def test_a_query_with_a_fault_is_not_in_the_library(read: ReadLibrary) -> None:
    assert [query.path for query in read.library.queries.values()] == sorted(WITHOUT_FAULT)
    assert {finding.severity for finding in read.findings} == {Severity.ERROR}
    assert {finding.rule for finding in read.findings} == {RULE}


def test_expectations_are_of_files_that_are_there(expected: list[dict[str, str]]) -> None:
    assert {row["file"] for row in expected} == set(FILES) - WITHOUT_FAULT


def test_what_a_header_says_is_read(mini_library: ReadLibrary) -> None:
    assert mini_library.findings == ()
    query = mini_library.library.queries["totals"]
    assert query.title == Text("Which institutes have several sums", "哪些研究所有多笔资金")
    assert query.description == Text(
        "One row per institute with its number of sums and their total.",
        "每个研究所一行，附资金笔数和总额。",
    )
    assert query.tags == ("money", "statistics")
    assert query.form is Form.SELECT
    assert query.path == "tests/library/queries/totals.rq"
    assert query.columns == (
        Column("institute", ColumnType.IRI),
        Column("sums", ColumnType.NUMBER),
        Column("total", ColumnType.NUMBER),
    )
    least, above = query.parameters
    integer = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    assert (least.name, least.type, least.default) == (
        "least",
        ParameterType.INTEGER,
        Literal("2", datatype=integer),
    )
    assert not least.is_optional
    assert above.is_optional
    assert above.label == Text("Each more than", "每笔高于")


def test_the_text_of_a_query_is_the_file_without_the_header(
    checkout: Path, mini_library: ReadLibrary
) -> None:
    for query in mini_library.library.queries.values():
        text = (checkout / query.path).read_text("utf-8")
        assert "#+" not in query.text
        assert text.endswith(query.text)
        assert [line for line in text.splitlines() if not line.startswith("#+")] == query.text.splitlines()


def test_a_project_without_queries_has_an_empty_library(project: Project, tmp_path: Path) -> None:
    read = read_library(replace(project, queries=tmp_path / "none"), load_prefixes(project))
    assert (read.library.queries, read.findings) == ({}, ())


# What is known of a dataset only.


def members(read: ReadLibrary, *said: tuple[str, str, str]) -> list[Finding]:
    store = Store()
    for subject, predicate, value in said:
        store.add(Quad(NamedNode(subject), NamedNode(predicate), NamedNode(value)))
    return check_members(read, store)


TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SCHEME = "http://www.w3.org/2004/02/skos/core#inScheme"


def test_a_class_without_members_is_found(mini_library: ReadLibrary) -> None:
    found = members(mini_library)
    assert [(finding.file, finding.line) for finding in found] == [
        ("tests/library/queries/by-basis.rq", 6),
        ("tests/library/queries/facts.rq", 6),
        ("tests/library/queries/money.rq", 6),
        ("tests/library/queries/without-money.rq", 6),
    ]
    assert all("has no possible value" in finding.message for finding in found)


def test_a_default_that_is_no_member_is_found(mini_library: ReadLibrary) -> None:
    said = [
        (ENTITY_BASE + "other-aisi", TYPE, AISI + "SafetyInstitute"),
        (AISI + "NewBody", TYPE, AISI + "InstitutionalBasis"),
        (AISI + "NewBody", SCHEME, AISI + "BasisScheme"),
        ("https://w3id.org/aisi-kg/claim/concordia-2024/ruritania-money", TYPE, AISI + "Claim"),
    ]
    [found] = members(mini_library, *said)
    assert found.file == "tests/library/queries/money.rq"
    assert found.message.startswith("the default of institute is none of the 1 members")
    # What is a member of the class alone is no code of the scheme.
    files = {finding.file for finding in members(mini_library, *(each for each in said if each[1] == TYPE))}
    assert files == {"tests/library/queries/money.rq", "tests/library/queries/by-basis.rq"}


def test_the_members_of_the_dataset_are_in_order(mini_library: ReadLibrary, store: Store) -> None:
    assert check_members(mini_library, store) == []
