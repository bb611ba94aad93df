from __future__ import annotations

import pytest

from aisi_kg.errors import InputError
from aisi_kg.text import Report


def report_of(body: str, *numbers: int) -> Report:
    """A page with a body and footnotes of these numbers."""
    notes = "".join(f"\n{number} 某社, “某文”, 2020.\n" for number in sorted(numbers, reverse=True))
    return Report("mini.txt", f" {body}\n{notes}".encode())


def marked(report: Report) -> list[str]:
    text = report.text.text
    return [f"{text[marker.start - 2 : marker.start]}|{marker.number}" for marker in report.markers]


def test_the_markers_of_a_report_are_found(mini: Report) -> None:
    assert marked(mini) == [
        "艘船|1", "明》|2", "议》|3", "论坛|4", "20|5", "数据|6", "究所|7", "乙所|8", "人员|9", "标准|10",
    ]  # fmt: skip


def test_a_marker_knows_its_place(mini: Report) -> None:
    places = [(marker.page, marker.section) for marker in mini.markers]
    assert places == [*[(2, "1.1")] * 5, (3, "1.1"), *[(3, "1.2")] * 3, (7, "3")]
    for marker in mini.markers:
        assert mini.text.text[marker.start : marker.end] == str(marker.number)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("丙国、1家学社及乙国1", "乙国|1"),
        ("在2020年1月，乙国1发表声明", "乙国|1"),
        ("1月1日，乙国1发表声明", "乙国|1"),
        ("船型A-1由乙国1制造", "乙国|1"),
        ("高度1.1由乙国1测得", "乙国|1"),
        ("乙国 1种船由丙国1制造", "丙国|1"),
        ("版本v2.11由乙国1制定", "乙国|1"),
        ("编号X01由乙国1给出", "乙国|1"),
        ("成立已百年1，乙国", "百年|1"),
        ("乙国1月球研究所", "乙国|1"),
        ("21艘船由乙国1制造", "乙国|1"),
        ("1）乙国1，丙国", "乙国|1"),
        ("论坛B201，乙国", "20|1"),
        ("论坛GPI1，乙国", "PI|1"),
        ("甲国，乙国\n1，丙国", "乙国|1"),
        ("之后乙国（甲会）1，丙国", "会）|1"),
    ],
)
def test_a_marker_is_told_from_other_numbers(body: str, expected: str) -> None:
    assert marked(report_of(f"{body}。", 1)) == [expected]


def test_the_order_tells_markers_from_other_numbers() -> None:
    assert marked(report_of("甲有2船，乙1、丙2，丁有1船。", 1, 2)) == ["，乙|1", "、丙|2"]


def test_a_number_that_begins_the_body_is_no_marker() -> None:
    assert marked(report_of("1甲\n1.1乙国\n1个丙国，丁1。", 1)) == ["，丁|1"]


def test_a_number_in_a_heading_is_no_marker() -> None:
    assert marked(report_of("1甲\n1.1乙国1号\n丙国，丁1。", 1)) == ["，丁|1"]


def test_a_number_on_another_page_than_the_footnote_is_no_marker() -> None:
    raw = " 甲，乙1。\n 丙，丁1。\n\n1 某社, “某文”, 2020.\n 戊，己1。\n"
    report = Report("mini.txt", raw.encode())
    assert [(marker.page, report.text.text[marker.start - 1]) for marker in report.markers] == [(2, "丁")]


def test_numbers_of_other_pages_are_no_markers() -> None:
    assert marked(report_of("甲7，乙8，丙1。", 1)) == ["，丙|1"]


def test_markers_that_can_be_placed_in_two_ways_are_refused() -> None:
    with pytest.raises(InputError, match="footnotes 1-2 on page 1 can be placed in more than one way"):
        _ = report_of("甲1、乙1、丙2。", 1, 2).markers


def test_a_footnote_without_a_marker_is_refused() -> None:
    with pytest.raises(InputError, match="footnote 2 is not in the body of page 1"):
        _ = report_of("甲1。", 1, 2).markers


def test_markers_out_of_order_are_refused() -> None:
    with pytest.raises(InputError, match="footnote 2 is not in the body of page 1"):
        _ = report_of("甲2，乙1。", 1, 2).markers


def test_a_text_without_footnotes_has_no_markers() -> None:
    assert report_of("甲1。").markers == ()
