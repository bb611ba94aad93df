"""The sides of disagreements."""

import pytest
from pyoxigraph import Store

from aisi_kg.graph.prefixes import CLAIM_BASE
from aisi_kg.store.disagreements import Disagreement, Value, read_disagreements
from aisi_kg.store.inquiry import conduct
from aisi_kg.store.library.description import library_of
from aisi_kg.store.library.records import Library, Text

CLAIM = CLAIM_BASE + "concordia-2024/"


def test_each_value_is_a_side_and_so_is_a_publication(store: Store, library: Library) -> None:
    (found,) = conduct(store, read_disagreements(library))
    sides = [
        (
            [value.text("en") for value in side.values],
            [claim.iri.removeprefix(CLAIM) for claim in side.claims],
            [publication.iri.rsplit("/", 1)[-1] for publication in side.publications],
        )
        for side in found.sides
    ]
    assert sides == [
        (["5 October 2023"], ["r-set-up-earlier"], []),
        (["November 2023"], ["r-set-up"], []),
        ([], [], ["money-2023"]),
    ]


@pytest.mark.parametrize(
    ("value", "is_date", "text"), [("2030", True, "2030年"), ("2030", False, "2030"), ("280", False, "280")]
)
def test_a_year_is_no_number(value: str, is_date: bool, text: str) -> None:
    assert Value("p", Text("p", "p"), value, is_date=is_date).text("zh") == text


# On the report's data.


@pytest.fixture(scope="module")
def found(real: Store) -> dict[str, Disagreement]:
    return {each.name: each for each in conduct(real, read_disagreements(library_of(real)))}


def test_the_dates_of_the_european_office_stand_on_two_sides(found: dict[str, Disagreement]) -> None:
    (dates,) = [
        each
        for each in found.values()
        if any(claim.iri == CLAIM + "2.1-eu-ai-office-establishment" for claim in each.claims)
        and any(claim.iri == CLAIM + "3.1-eu-ai-office-establishment" for claim in each.claims)
    ]
    sides = [side for side in dates.sides if side.values]
    assert [[value.text("en") for value in side.values] for side in sides] == [
        ["February 2024"],
        ["May 2024"],
    ]
    assert all(claim.places for side in sides for claim in side.claims)
    # The footnote that the earlier date rests on is told with it.
    assert [number for _, number in sides[0].claims[0].footnotes] == [28]


def test_nothing_involved_is_lost_among_the_sides(found: dict[str, Disagreement]) -> None:
    assert found
    for each in found.values():
        claims = [claim for side in each.sides for claim in side.claims]
        assert sorted(claim.iri for claim in claims) == sorted(claim.iri for claim in each.claims)
        assert [p for side in each.sides for p in side.publications] == list(each.publications)
        assert all(value.name.zh and value.text("zh") for claim in claims for value in claim.values)
