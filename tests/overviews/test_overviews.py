"""The time line, the matrices and the contradictions: exactly on invented ones, by invariants on the real."""

import csv
import io
from typing import Any

import pytest
from pyoxigraph import Store

from aisi_kg.errors import UnknownResource
from aisi_kg.graph.prefixes import CLAIM_BASE
from aisi_kg.store.disagreements import contradictions
from aisi_kg.store.evaluate import QueryRequest, evaluate
from aisi_kg.store.grids import Cell, Grid, as_csv
from aisi_kg.store.inquiry import conduct
from aisi_kg.store.library.description import library_of
from aisi_kg.store.library.records import Library
from aisi_kg.store.overviews import matrix, timeline
from aisi_kg.store.relations import MATRICES

CLAIM = CLAIM_BASE + "concordia-2024/"


def texts(grid: Grid) -> list[list[list[str]]]:
    return [[[entry.text for entry in cell.entries] for cell in row] for row in grid.rows]


def claims_in(cells: list[Cell]) -> set[str]:
    return {claim for cell in cells for entry in cell.entries for claim in entry.claims}


def test_the_time_line_is_in_the_order_of_time(store: Store, library: Library) -> None:
    grid = conduct(store, timeline(library, "en"))
    event, institute = "Establishment of the institute", "Ruritanian Institute"
    assert texts(grid) == [
        [["5 October 2023"], [event], ["establishment"], [institute], ["r-set-up-earlier"]],
        [["November 2023"], [event], ["establishment"], [institute], ["r-set-up", "r-set-up-again"]],
        [["2025 (planned)"], ["Summit"], ["establishment"], [], ["summit"]],
    ]
    told = grid.data["events"][1]
    assert (told["date"], told["precision"], told["earliest"], told["latest"]) == (
        "2023-11",
        "month",
        "2023-11-01",
        "2023-11-30",
    )
    assert told["claims"] == (CLAIM + "r-set-up", CLAIM + "r-set-up-again")


def test_dates_are_in_words_of_the_language(store: Store, library: Library) -> None:
    grid = conduct(store, timeline(library, "zh"))
    assert [row[0].entries[0].text for row in grid.rows] == ["2023年10月5日", "2023年11月", "2025年（计划）"]


def test_claims_of_the_time_line_are_addresses_in_csv(store: Store, library: Library) -> None:
    rows = list(csv.reader(io.StringIO(as_csv([conduct(store, timeline(library, "en"))])[1:])))
    assert rows[2][4] == f"r-set-up <{CLAIM}r-set-up>\nr-set-up-again <{CLAIM}r-set-up-again>"


def test_the_matrix_of_cooperation_shows_kind_strength_and_status(store: Store, library: Library) -> None:
    grid = conduct(store, matrix(library, "cooperation", "en"))
    assert grid.heads == ("Party", "Ruritanian Institute")
    assert texts(grid) == [
        [["Ruritanian Institute"], []],
        [["=Syldavian | <b>Institute</b>"], ["memorandum (3, fact)"]],
        [["Acme"], ["working cooperation (1, fact)"]],
    ]
    assert grid.rows[2][1].entries[0].claims == (CLAIM + "r-acme", CLAIM + "r-acme-again")
    assert grid.rows[1][1].entries[0].title == "signed memorandum"


def test_the_matrix_of_access_shows_stage_and_status(store: Store, library: Library) -> None:
    grid = conduct(store, matrix(library, "access", "zh"))
    assert grid.heads == ("研究所", "Acme", "所有开发者")
    assert texts(grid) == [
        [["卢里塔尼亚研究所"], ["部署前（已授予）"], []],
        [["西尔达维亚研究所"], [], ["全面访问（法定权力）"]],
    ]


def test_another_matrix_is_refused(store: Store, library: Library) -> None:
    with pytest.raises(UnknownResource, match=r"no matrix 'x'; there are cooperation and access\."):
        conduct(store, matrix(library, "x", "en"))


def test_a_contradiction_has_all_its_sides(store: Store, library: Library) -> None:
    grid = conduct(store, contradictions(library, "en"))
    assert texts(grid) == [
        [
            ["When it was set up"],
            ["conflicting dates"],
            ["November or October."],
            [
                "It was set up on 5 October 2023. [3.1, p. 4, 20–24]",
                "It was set up in November 2023. [2, p. 5, 90–99]",
                'Money: 100% {sure} & "safe"_#1? [24 April 2023]',
            ],
        ]
    ]
    (told,) = grid.data["contradictions"]
    assert [side.get("claim", side.get("publication")).rsplit("/", 1)[-1] for side in told["sides"]] == [
        "r-set-up-earlier",
        "r-set-up",
        "money-2023",
    ]
    assert told["sides"][0]["values"][0]["value"] == "2023-10-05"
    assert told["sides"][0]["passages"][0]["start"] == 20


# On the report's data.


def claims_of(real: Store, name: str) -> set[str]:
    query = library_of(real).queries[name]
    found: Any = evaluate(real, QueryRequest(query.text))
    return {row["claim"].value for row in found if row["claim"] is not None}


def test_the_real_time_line_has_every_row_of_its_query(real: Store) -> None:
    grid = conduct(real, timeline(library_of(real), "en"))
    assert claims_in([row[-1] for row in grid.rows]) == claims_of(real, "timeline")
    earliest = [each["earliest"] for each in grid.data["events"]]
    assert earliest == sorted(earliest)


@pytest.mark.parametrize("name", MATRICES)
def test_the_real_matrices_have_every_row_of_their_query(real: Store, name: str) -> None:
    grid = conduct(real, matrix(library_of(real), name, "zh"))
    assert claims_in([cell for row in grid.rows for cell in row[1:]]) == claims_of(real, f"{name}-matrix")
    told = {claim for pair in grid.data["pairs"] for each in pair["relations"] for claim in each["claims"]}
    assert told == claims_of(real, f"{name}-matrix")


def test_the_real_contradictions_have_every_row_of_their_query(real: Store) -> None:
    grid = conduct(real, contradictions(library_of(real), "en"))
    assert claims_in([row[-1] for row in grid.rows]) == claims_of(real, "contradictions-explained")
    # Each has two sides at least, or one and what it does not agree with in its note.
    assert all(row[2].entries[0].text and row[3].entries for row in grid.rows)
