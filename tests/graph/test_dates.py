"""The days that a date covers."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from aisi_kg.errors import InputError
from aisi_kg.graph.dates import bounds
from aisi_kg.graph.literals import lexical_fault

XSD = "http://www.w3.org/2001/XMLSchema#"


def literal(value: str, datatype: str) -> Literal:
    return Literal(value, datatype=NamedNode(XSD + datatype))


@pytest.mark.parametrize(
    ("value", "datatype", "first", "last"),
    [
        ("2024", "gYear", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", "gYearMonth", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-02", "gYearMonth", date(2023, 2, 1), date(2023, 2, 28)),
        ("2024-11", "gYearMonth", date(2024, 11, 1), date(2024, 11, 30)),
        ("2024-12", "gYearMonth", date(2024, 12, 1), date(2024, 12, 31)),
        ("9999-12", "gYearMonth", date(9999, 12, 1), date(9999, 12, 31)),
        ("2024-02-29", "date", date(2024, 2, 29), date(2024, 2, 29)),
        ("0001-01-01", "date", date(1, 1, 1), date(1, 1, 1)),
        ("2024Z", "gYear", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02-29+08:00", "date", date(2024, 2, 29), date(2024, 2, 29)),
    ],
)
def test_the_days_that_a_date_covers(value: str, datatype: str, first: date, last: date) -> None:
    assert bounds(literal(value, datatype)) == (first, last)


@pytest.mark.parametrize(
    ("value", "datatype"),
    [
        ("2024-13", "gYearMonth"),
        ("2024-00", "gYearMonth"),
        ("2024-02-30", "date"),
        ("2023-02-29", "date"),
        ("2024-02", "date"),
        ("2024", "date"),
        ("2024-01-01", "gYearMonth"),
        ("24", "gYear"),
        ("0000", "gYear"),
        ("12024", "gYear"),
        ("-2024", "gYear"),
        ("", "gYear"),
        (" 2024", "gYear"),
        ("２０２４", "gYear"),
        ("2024-1-1", "date"),
    ],
)
def test_what_is_no_date_of_the_calendar(value: str, datatype: str) -> None:
    with pytest.raises(InputError, match="no date of the calendar"):
        bounds(literal(value, datatype))


@pytest.mark.parametrize(
    "term", [Literal("2024"), Literal("2024", language="en"), literal("2024", "integer")]
)
def test_what_is_no_date(term: Literal) -> None:
    with pytest.raises(InputError, match="write an xsd:gYear"):
        bounds(term)


@given(st.dates())
def test_a_day_lies_in_its_month_and_its_year(day: date) -> None:
    year = bounds(literal(f"{day.year:04d}", "gYear"))
    month = bounds(literal(f"{day.year:04d}-{day.month:02d}", "gYearMonth"))
    assert bounds(literal(day.isoformat(), "date")) == (day, day)
    assert year[0] <= month[0] <= day <= month[1] <= year[1]
    assert (year[1] - year[0]).days in (364, 365)
    assert month[1] == year[1] or (month[1] + timedelta(days=1)).day == 1


@given(
    st.from_regex(r"[0-9]{4}(-[0-9]{2}){0,2}", fullmatch=True),
    st.sampled_from(["gYear", "gYearMonth", "date"]),
)
def test_what_has_bounds_is_what_has_no_fault(value: str, datatype: str) -> None:
    try:
        bounds(literal(value, datatype))
    except InputError:
        assert lexical_fault(literal(value, datatype)) is not None
    else:
        assert lexical_fault(literal(value, datatype)) is None
