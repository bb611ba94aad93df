"""What is dated, chosen by kind, subject, institute and time."""

import pytest
from pyoxigraph import Store

from aisi_kg.graph.prefixes import AISI, ENTITY_BASE
from aisi_kg.store.chronology import Chronology, Period, period, read_chronology
from aisi_kg.store.inquiry import conduct
from aisi_kg.store.library.description import library_of
from aisi_kg.store.library.records import Library


@pytest.fixture(scope="module")
def chronology(store: Store, library: Library) -> Chronology:
    return conduct(store, read_chronology(library))


@pytest.fixture(scope="module")
def real_chronology(real: Store) -> Chronology:
    return conduct(real, read_chronology(library_of(real)))


def dates(found: Chronology, **chosen: str) -> list[str]:
    return [each.date for each in found.select(**chosen)]


@pytest.mark.parametrize(
    ("date", "earliest", "latest"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("2023-11", "2023-11-01", "2023-11-30"),
        ("2024-02-29", "2024-02-29", "2024-02-29"),
    ],
)
def test_a_date_stands_for_all_its_days(date: str, earliest: str, latest: str) -> None:
    assert period(date) == Period(earliest, latest)


@pytest.mark.parametrize(
    "date",
    ["", "24", "2024-13", "2024-00", "2024-1", "2023-02-29", "0000", "2024-02-30x", "二〇二四", "2024-02-31"],
)
def test_what_is_no_date_is_refused(date: str) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        period(date)


def test_dates_are_chosen_by_time(chronology: Chronology) -> None:
    assert dates(chronology) == ["2023-10-05", "2023-11", "2025"]
    # A date may lie anywhere in its month or year, so that a part of it is enough.
    assert dates(chronology, since="2023-11-30") == ["2023-11", "2025"]
    assert dates(chronology, since="2023-12-01") == ["2025"]
    assert dates(chronology, until="2025-01-01") == ["2023-10-05", "2023-11", "2025"]
    assert dates(chronology, until="2024-12-31") == ["2023-10-05", "2023-11"]
    assert dates(chronology, since="2023-10-06", until="2023-10-31") == []


def test_dates_are_chosen_by_what_and_whose_they_are(chronology: Chronology) -> None:
    assert dates(chronology, institute=ENTITY_BASE + "ruritania-aisi") == ["2023-10-05", "2023-11"]
    assert dates(chronology, institute=ENTITY_BASE + "syldavia-aisi") == []
    assert dates(chronology, kind=AISI + "Establishment") == ["2023-10-05", "2023-11", "2025"]
    assert dates(chronology, kind=AISI + "Launch") == []
    assert dates(chronology, about=AISI + "SafetyInstitute") == ["2023-10-05", "2023-11"]


def test_a_plan_is_told_from_what_was(chronology: Chronology) -> None:
    assert [chronology.is_planned(each) for each in chronology.dates] == [False, False, True]
    statement = chronology.statements[chronology.dates[2].claims[0]]
    assert (statement.text.en, statement.modality.label.en) == ("A summit is planned for 2025.", "plan")


def test_what_can_be_chosen_is_what_there_is(chronology: Chronology) -> None:
    assert [each.label.en for each in chronology.kinds()] == ["establishment"]
    assert [each.label.en for each in chronology.institutes()] == ["Ruritanian Institute"]
    assert [each.iri for each in chronology.themes()] == [AISI + "SafetyInstitute"]


# On the report's data.


def test_every_choice_finds_something_and_nothing_is_lost(real_chronology: Chronology) -> None:
    for name, found in (
        ("kind", real_chronology.kinds()),
        ("about", real_chronology.themes()),
        ("institute", real_chronology.institutes()),
    ):
        chosen = {each for option in found for each in dates(real_chronology, **{name: option.iri})}
        assert chosen
        assert all(real_chronology.select(**{name: option.iri}) for option in found)
    by_kind = {each for kind in real_chronology.kinds() for each in real_chronology.select(kind=kind.iri)}
    assert by_kind == set(real_chronology.dates)


def test_the_agreements_on_access_are_found_by_model_access(real_chronology: Chronology) -> None:
    found = real_chronology.select(about=AISI + "ModelAccess")
    assert sorted(each.event.slug for each in found) == [
        "us-aisi-anthropic-agreement-conclusion",
        "us-aisi-openai-agreement-conclusion",
    ]


def test_what_is_planned_in_the_report(real_chronology: Chronology) -> None:
    planned = {each.event.slug for each in real_chronology.dates if real_chronology.is_planned(each)}
    assert planned == {"network-meeting-plan", "ai-action-summit-plan", "uk-aisi-funding-until-2030"}
    assert all(claim in real_chronology.statements for each in real_chronology.dates for claim in each.claims)
