"""What is known of the report itself, by positions. Runs where a copy is at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aisi_kg.text import Report, read_report
from aisi_kg.text.layout import Kind

REPORT = Path(
    os.environ.get("AISI_KG_REPORT")
    or Path(__file__).resolve().parents[2].parent / "shared" / "report" / "report.txt"
)

pytestmark = pytest.mark.skipif(
    not REPORT.is_file(), reason="no copy of the report: set AISI_KG_REPORT to its text layer"
)

# Where the digits of each footnote's marker begin, 1 to 77, read by eye; a list a page.
MARKERS = {
    3: [1307, 1376, 1388, 1467, 1481, 1513, 1518, 1522, 1528],
    4: [2586, 2602, 2615, 2701, 2764, 2908],
    5: [3968, 4039, 4140, 4246],
    6: [5408, 5546, 5601, 5680],
    7: [6313, 6330, 6411, 6505, 6534, 6687, 6917],
    8: [8535, 8687, 8716, 9218],
    9: [10335, 10494, 11063],
    13: [14769, 14815, 14883, 14912, 14928, 14988],
    14: [16719, 16853, 16889, 16963],
    15: [17593],
    17: [18050],
    18: [18378, 18384, 18390, 18464, 18528],
    19: [19667, 19841, 19879],
    20: [21588],
    21: [22404, 22446, 22532, 22593, 22657, 22770],
    23: [24925, 25107],
    24: [25865, 25882],
    25: [26852, 26926, 26961],
    26: [28029, 28205, 28382, 28568],
    27: [29485, 29639],
}

SECTIONS = {
    "0": (1, 20), "1.1": (1, 9), "1.2": (10, 19), "2": (20, 20), "2.1": (21, 28), "2.2": (29, 37),
    "3.3.1": (38, 54), "3.3.2": (55, 64), "3.4": (65, 68), "4": (69, 77),
}  # fmt: skip


@pytest.fixture(scope="module")
def report() -> Report:
    return read_report(REPORT)


def test_the_digest(report: Report) -> None:
    assert report.sha256 == "709f96d6564674e0b43b2ad56d42303dd824f9b39d1bb44e82f6c46b9ebe0c42"


def test_the_length_and_the_radicals(report: Report) -> None:
    assert len(report.text) == 30_274
    assert not any(0x2E80 <= ord(character) <= 0x2FDF for character in report.text.text)
    assert sum(0x2F00 <= ord(character) <= 0x2FDF for character in report.raw_text) == 1_592
    assert sum(0x2E80 <= ord(character) < 0x2F00 for character in report.raw_text) == 105


def test_the_pages(report: Report) -> None:
    # The PDF has 29. The 28th bears no text, and the 29th leaves no trace in the text layer.
    assert len(report.pages) == 28
    assert [page.number for page in report.pages if page.start == page.end] == [28]


def test_the_printed_page_numbers_are_two_behind(report: Report) -> None:
    printed = [region for region in report.regions if region.kind is Kind.PAGE_NUMBER]
    numbers = [int(report.text.text[region.start : region.end]) for region in printed]
    assert numbers == [9, 10, 22]
    assert [region.page for region in printed] == [11, 12, 24]


def test_the_pages_that_are_but_captions(report: Report) -> None:
    lengths = [page.end - page.start for page in report.pages[:27]]
    assert [number for number, length in enumerate(lengths, start=1) if length < 200] == [16]
    assert {region.section for region in report.regions if region.page in (15, 16, 17)} == {"3.3.1"}


def test_the_sections(report: Report) -> None:
    assert report.sections == (
        "0", "1", "1.1", "1.2", "2", "2.1", "2.2", "3", "3.1", "3.2", "3.3", "3.3.1", "3.3.2", "3.4", "4",
    )  # fmt: skip
    assert report.tables == {"3.1", "3.2"}
    assert {region.section for region in report.body}.isdisjoint({"1", "3", "3.3"})


def test_the_first_page_of_each_section(report: Report) -> None:
    first: dict[str, int] = {}
    for region in report.regions:
        first.setdefault(region.section, region.page)
    assert first == {
        "0": 1, "1": 3, "1.1": 3, "1.2": 4, "2": 6, "2.1": 6, "2.2": 7, "3": 10, "3.1": 10, "3.2": 11,
        "3.3": 13, "3.3.1": 13, "3.3.2": 18, "3.4": 22, "4": 25,
    }  # fmt: skip


def test_the_footnotes(report: Report) -> None:
    assert [note.number for note in report.notes] == list(range(1, 78))
    assert {page: [note.number for note in report.notes if note.page == page] for page in MARKERS} == {
        page: [marker.number for marker in report.markers if marker.page == page] for page in MARKERS
    }


def test_the_markers(report: Report) -> None:
    assert [marker.number for marker in report.markers] == list(range(1, 78))
    found = {page: [m.start for m in report.markers if m.page == page] for page in MARKERS}
    assert found == MARKERS


def test_the_sections_of_the_markers(report: Report) -> None:
    for section, (first, last) in SECTIONS.items():
        if section != "0":
            numbers = [marker.number for marker in report.markers if marker.section == section]
            assert numbers == list(range(first, last + 1))


def test_the_summary_and_the_tables_bear_no_marker(report: Report) -> None:
    assert not {marker.section for marker in report.markers} & {"0", "3.1", "3.2"}


def test_what_is_no_marker(report: Report) -> None:
    # G20 and G7 keep their digits; 20, 3, 10 and 19 before what they count; GPT-4; 405B; 5 of 60's guides.
    starts = {marker.start for marker in report.markers}
    text = report.text.text
    assert (text[1516:1519], text[1521:1523]) == ("207", "78")
    assert not starts & {1144, 1516, 1521, 4262, 4271, 4281, 4291, 22441}


def test_the_repeated_heads_of_the_second_table(report: Report) -> None:
    heads = [region for region in report.regions if region.kind is Kind.TABLE_HEAD]
    assert [(head.page, head.section) for head in heads] == [(10, "3.1"), (11, "3.2"), (12, "3.2")]
    texts = [report.text.text[head.start : head.end] for head in heads]
    assert texts[1] == texts[2] != texts[0]


def test_the_addresses_torn_off_their_footnotes_are_no_body(report: Report) -> None:
    for region in report.body:
        assert "https://" not in report.text.text[region.start : region.end]
