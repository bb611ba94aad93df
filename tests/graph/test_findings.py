"""Findings: their order, their line and their JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisi_kg.graph.findings import Finding, Severity, has_errors, in_order

FULL = Finding(
    Severity.ERROR,
    "claim-id",
    "two claims\n  have one id.",
    "两条论断\n编号相同。",
    "data/a.trig",
    12,
    3,
    "https://w3id.org/aisi-kg/claim/concordia-2024/x",
)


def test_a_finding_is_one_line() -> None:
    assert FULL.text() == (
        "data/a.trig:12:3: error [claim-id] two claims have one id. "
        "(https://w3id.org/aisi-kg/claim/concordia-2024/x)"
    )
    assert str(FULL) == FULL.text()


def test_a_finding_speaks_chinese_where_it_can() -> None:
    assert "[claim-id] 两条论断 编号相同。 (" in FULL.text("zh")
    assert Finding(Severity.WARNING, "r", "only English").text("zh") == "warning [r] only English"


@pytest.mark.parametrize(
    ("finding", "text"),
    [
        (Finding(Severity.WARNING, "r", "m"), "warning [r] m"),
        (Finding(Severity.ERROR, "r", "m", file="f"), "f: error [r] m"),
        (Finding(Severity.ERROR, "r", "m", file="f", line=2), "f:2: error [r] m"),
        (Finding(Severity.ERROR, "r", "m about urn:x", subject="urn:x"), "error [r] m about urn:x"),
    ],
)
def test_what_is_not_known_is_left_out(finding: Finding, text: str) -> None:
    assert finding.text() == text


def test_the_json_holds_what_is_known() -> None:
    assert json.loads(json.dumps(FULL.as_json())) == {
        "severity": "error",
        "rule": "claim-id",
        "message": FULL.message,
        "message_zh": FULL.message_zh,
        "file": "data/a.trig",
        "line": 12,
        "column": 3,
        "subject": FULL.subject,
    }
    assert Finding(Severity.WARNING, "r", "m").as_json() == {
        "severity": "warning",
        "rule": "r",
        "message": "m",
    }


def test_findings_are_in_the_order_of_places() -> None:
    def at(file: str | None, line: int | None = None, column: int | None = None, rule: str = "r") -> Finding:
        return Finding(Severity.ERROR, rule, "m", file=file, line=line, column=column)

    ordered = [
        at(None),
        at("a"),
        at("a", 2),
        at("a", 2, 1),
        at("a", 2, 5),
        at("a", 10),
        at("b", 1, rule="a"),
        at("b", 1),
    ]
    assert in_order(reversed([*ordered, *ordered])) == ordered


places = st.one_of(st.none(), st.integers(1, 3))
findings = st.builds(
    Finding,
    st.sampled_from(Severity),
    st.sampled_from("rs"),
    st.sampled_from("mn"),
    file=st.sampled_from("ab"),
    line=places,
)


@given(findings, findings)
def test_the_order_is_total(one: Finding, other: Finding) -> None:
    assert (one == other) == (not one < other and not other < one)
    assert (one <= other) != (one > other)


def test_an_order_with_something_else_is_refused() -> None:
    with pytest.raises(TypeError):
        FULL < "x"  # noqa: B015 - the comparison alone is the test


def test_errors_are_told_from_warnings() -> None:
    warning = Finding(Severity.WARNING, "r", "m")
    assert not has_errors([])
    assert not has_errors([warning])
    assert has_errors([warning, FULL])
