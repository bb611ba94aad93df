"""The project's own claims against the report itself. Runs where a copy is at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from aisi_kg.graph.verify import REPORT, Verification, verify
from aisi_kg.text import Report, read_report

ROOT = Path(__file__).resolve().parents[2]
COPY = Path(os.environ.get("AISI_KG_REPORT") or ROOT.parent / "shared" / "report" / "report.txt")
FORMATS = {".ttl": RdfFormat.TURTLE, ".trig": RdfFormat.TRIG}

pytestmark = pytest.mark.skipif(
    not COPY.is_file(), reason="no copy of the report: set AISI_KG_REPORT to its text layer"
)


@pytest.fixture(scope="module")
def report() -> Report:
    return read_report(COPY)


@pytest.fixture(scope="module")
def verification(report: Report) -> Verification:
    files = [path for path in sorted((ROOT / "data").rglob("*")) if path.suffix in FORMATS]
    return verify((quad for path in files for quad in parse(path.read_bytes(), FORMATS[path.suffix])), report)


def test_the_claims_hold(verification: Verification) -> None:
    assert [f"{error.subject}: {error.message}" for error in verification.errors] == []
    assert verification.claims > 0
    assert verification.footnotes == 77


def test_what_counts_of_the_body(report: Report) -> None:
    digest = Quad(REPORT, NamedNode("https://w3id.org/aisi-kg/ontology#sha256"), Literal(report.sha256))
    totals = {row.section: row.total for row in verify([digest], report).coverage}
    assert totals == {
        "0": 1006, "1.1": 407, "1.2": 750, "2": 122, "2.1": 536, "2.2": 1934, "3.1": 789, "3.2": 1719,
        "3.3.1": 2087, "3.3.2": 2542, "3.4": 1348, "4": 1946,
    }  # fmt: skip


def test_the_cells_that_report_nothing_count(report: Report) -> None:
    digest = Quad(REPORT, NamedNode("https://w3id.org/aisi-kg/ontology#sha256"), Literal(report.sha256))
    for row in verify([digest], report).coverage:
        text = "".join(report.text.text[r.start : r.end] for r in report.body if r.section == row.section)
        digits = sum(marker.end - marker.start for marker in report.markers if marker.section == row.section)
        cells = row.total - sum(character.isalnum() for character in text) + digits
        assert cells == {"3.1": 5, "3.2": 13}.get(row.section, 0)
