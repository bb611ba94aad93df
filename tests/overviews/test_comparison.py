"""Comparisons of institutes: exactly on invented ones, against the report's tables on the real."""

import pytest
from pyoxigraph import Store

from aisi_kg.graph.prefixes import AISI, CLAIM_BASE, ENTITY_BASE
from aisi_kg.store.comparison import (
    Comparison,
    Nature,
    compare,
    comparison_grid,
    find_comparables,
    find_institutes,
)
from aisi_kg.store.glance import FACTS, read_cards
from aisi_kg.store.inquiry import conduct
from aisi_kg.store.library.description import library_of
from aisi_kg.store.tables import TABLES, rebuild

CLAIM = CLAIM_BASE + "concordia-2024/"
R, S = ENTITY_BASE + "ruritania-aisi", ENTITY_BASE + "syldavia-aisi"


@pytest.fixture(scope="module")
def everything(store: Store) -> Comparison:
    """Compare all institutes by all that there is."""
    offered = conduct(store, find_comparables())
    return conduct(store, compare(offered.institutes, offered.properties))


def shown(
    comparison: Comparison, name: str, institute: str, language: str = "en"
) -> list[tuple[str, list[str]]]:
    entries = comparison.cells[AISI + name, institute].entries[language]
    return [(entry.text, [claim.removeprefix(CLAIM) for claim in entry.claims]) for entry in entries]


def test_what_can_be_compared_comes_from_the_dataset(store: Store) -> None:
    offered = conduct(store, find_comparables())
    # In the order of the table, and not of their names.
    assert [each.iri for each in offered.institutes] == [R, S]
    found = {(each.iri.removeprefix(AISI), each.nature): each.institutes for each in offered.properties}
    assert found[("FundingAspect", Nature.ASPECT)] == 2
    assert found[("PeopleAspect", Nature.ASPECT)] == 1
    assert found[("instituteOf", Nature.PROPERTY)] == 2
    assert found[("ModelAccess", Nature.CLASS)] == 1
    # What is inferred is nobody's claim, and a gap is no thing that an institute has.
    names = {name for name, _ in found}
    assert not names & {"ReportingGap", "InstituteWithPreDeploymentAccess", "hasAccess", "SafetyInstitute"}
    natures = [each.nature for each in offered.properties]
    assert natures == sorted(natures, key=list(Nature).index)


def test_a_value_has_its_claims(everything: Comparison) -> None:
    assert shown(everything, "FundingCommitment", R) == [
        ("Initial money of the institute: more than GBP 1.5 billion", ["r-money"])
    ]
    assert shown(everything, "FundingCommitment", R, "zh") == [("研究所的资金：超过15亿英镑", ["r-money"])]
    # Claims that say the same stand behind one value, and another date behind another.
    assert shown(everything, "Establishment", R) == [
        ("Establishment of the institute: November 2023", ["r-set-up", "r-set-up-again"]),
    ]
    assert shown(everything, "instituteOf", S) == [("Syldavia", ["s-of"])]


def test_not_stated_is_not_the_same_as_nothing(everything: Comparison) -> None:
    gap = everything.cells[AISI + "FundingAspect", S]
    assert [(entry.text, entry.is_gap, entry.claims) for entry in gap.entries["en"]] == [
        ("-", True, (CLAIM + "s-no-money",))
    ]
    nothing = everything.cells[AISI + "PeopleAspect", S]
    assert (nothing.claims, nothing.entries["en"]) == ((), ())
    grid = comparison_grid(everything, "en")
    rows = {row["property"]: row["cells"] for row in grid.data["rows"]}
    assert [cell["notStated"] for cell in rows[AISI + "FundingAspect"]] == [False, True]
    assert rows[AISI + "PeopleAspect"][1] == {"institute": S, "notStated": False, "values": []}


def test_what_is_no_plain_fact_is_said_in_a_sentence(everything: Comparison) -> None:
    assert ("The money is to last until 2030", ["r-until"]) in shown(everything, "FundingAspect", R)
    assert ("It is not an initial one", ["r-not-formal"]) in shown(everything, "PeopleAspect", R)


def test_nothing_can_be_compared_in_an_empty_dataset() -> None:
    offered = conduct(Store(), find_comparables())
    assert (offered.institutes, offered.properties) == ((), ())
    assert conduct(Store(), read_cards("en")) == ()


def test_the_institutes_at_a_glance(store: Store) -> None:
    ruritania, syldavia = conduct(store, read_cards("en"))
    assert [card.institute.iri for card in (ruritania, syldavia)] == [R, S]
    texts = {name: [entry.text for entry in ruritania.facts[name]] for name in FACTS}
    assert texts["established"] == ["November 2023"]
    assert texts["money"] == ["Initial money of the institute: more than GBP 1.5 billion"]
    assert texts["access"] == ["Acme"]
    assert ruritania.facts["established"][0].claims == (CLAIM + "r-set-up", CLAIM + "r-set-up-again")
    assert [entry.is_gap for entry in syldavia.facts["money"]] == [True]
    assert syldavia.facts["access"] == ()
    assert ruritania.statements[CLAIM + "r-access"] == "It has access."


# On the report's data.


@pytest.mark.parametrize("number", TABLES)
def test_a_cell_has_the_claims_and_gaps_of_the_reports_table(real: Store, number: str) -> None:
    table = conduct(real, rebuild(library_of(real), number))
    offered = conduct(real, find_comparables())
    columns = {column for column, _ in table.columns}
    aspects = [each for each in offered.properties if each.iri in columns]
    assert len(aspects) == len(columns)
    found = conduct(real, compare(offered.institutes, aspects))
    for (row, column), cell in table.cells.items():
        claims = found.cells[column, row].claims
        # That a row is about an institute is said once in each table, under the same heading.
        ours = {claim.iri for claim in claims if claim.iri.rsplit("/", 1)[-1].startswith(f"{number}-")}
        assert ours == {claim.iri for claim in cell.claims}
        gaps = {claim.iri for claim in claims if claim.is_gap}
        assert gaps == {claim.iri for claim in cell.claims if claim.is_gap}


def test_the_real_cards_hold_both_dates_of_the_european_office(real: Store) -> None:
    cards = {card.institute.iri.removeprefix(ENTITY_BASE): card for card in conduct(real, read_cards("en"))}
    assert len(cards) == len(conduct(real, find_institutes())) == 8
    dates = [entry.text for entry in cards["eu-ai-office"].facts["established"]]
    assert sorted(dates) == ["February 2024", "May 2024"]
    gaps = {name for name, card in cards.items() if any(entry.is_gap for entry in card.facts["money"])}
    assert gaps == {"aisi-japan", "korea-aisi", "france-ai-evaluation-centre"}
    assert {name for name, card in cards.items() if card.facts["access"]} == {"uk-aisi", "us-aisi"}
    for card in cards.values():
        assert all(entry.claims for name in FACTS for entry in card.facts[name])
