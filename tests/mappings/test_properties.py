"""The table of Wikidata's properties: faults are told with their line, and each row has its evidence."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from aisi_kg.graph.mappings import check_properties, check_property_terms
from aisi_kg.graph.sssom import format_sssom, read_sssom

Change = Callable[[str], str]


@pytest.fixture(scope="module")
def properties(checkout: Path) -> str:
    return (checkout / "data" / "mappings" / "wikidata-properties.sssom.tsv").read_text("utf-8")


def test_the_table_is_in_its_style_and_without_fault(properties: str) -> None:
    mappings, faults = read_sssom(properties)
    assert mappings is not None
    assert [*faults, *check_properties(mappings)] == []
    assert format_sssom(properties) == properties


def test_each_property_has_its_source(properties: str) -> None:
    mappings, _ = read_sssom(properties)
    assert mappings is not None
    for row in mappings.rows:
        places = re.findall(r"[\w.-]+/[\w.-]+: \S+ line [0-9]+ \(commit [0-9a-f]{12}\)", row.text("comment"))
        assert len(places) == len(row.slots["see_also"])
        # Two sources are surer than one.
        assert row.text("confidence") == {1: "0.95", 2: "0.99"}[len(places)]
        assert row.text("object_label") in row.text("comment")


FAULTS: dict[str, tuple[Change, str]] = {
    "set": (lambda text: text.replace("graph/wikidata#properties", "graph/wikidata"), "mapping_set_id is"),
    "item": (lambda text: text.replace("wikidata:P166\t", "wikidata:Q166\t"), "is no property of Wikidata"),
    "type": (
        lambda text: text.replace("\taward received\twikibase:WikibaseItem\t", "\taward received\tAward\t"),
        "object_category is Award",
    ),
    "label": (
        lambda text: text.replace("\taward received\twikibase", "\t\twikibase"),
        "object_label is missing",
    ),
    "twice": (
        lambda text: (
            text + text.rstrip("\n").rpartition("\n")[2].replace("mapping:property-", "mapping:again-") + "\n"
        ),
        "remove one of the two",
    ),
}


@pytest.mark.parametrize(("change", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_told(properties: str, change: Change, message: str) -> None:
    changed = change(properties)
    assert changed != properties
    mappings, faults = read_sssom(changed)
    assert mappings is not None
    told = [*faults, *check_properties(mappings)]
    assert [fault for fault in told if message in fault.message and fault.line > 0]


def test_a_term_that_there_is_not_is_told(properties: str) -> None:
    mappings, _ = read_sssom(properties)
    assert mappings is not None
    findings = check_property_terms("table", mappings, ())
    assert len(findings) == len(mappings.rows)
    assert "has the label None and not 'award'" in str([finding.message for finding in findings])
