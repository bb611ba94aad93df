from __future__ import annotations

from itertools import pairwise

import pytest

from aisi_kg.text import Report, normalise
from aisi_kg.text.layout import Kind, Layout, lay_out


def lay(raw: str) -> Layout:
    return lay_out(raw, normalise(raw))


def texts(report: Report, *kinds: Kind) -> list[str]:
    return [report.text.text[r.start : r.end] for r in report.regions if r.kind in kinds]


def at(report: Report, words: str) -> int:
    assert report.text.text.count(words) == 1
    return report.text.text.index(words)


def test_the_regions_are_the_whole_text(mini: Report) -> None:
    assert mini.regions[0].start == 0
    assert mini.regions[-1].end == len(mini.text)
    assert all(before.end == after.start for before, after in pairwise(mini.regions))


def test_a_line_that_begins_with_one_space_begins_a_page(mini: Report) -> None:
    starts = [at(mini, words) for words in ("内容提要", "年交换", "两国研究所的设立时间线", "2比较2.1")]
    assert [mini.pages[index].start for index in (0, 2, 3, 4)] == starts
    assert [page.number for page in mini.pages] == [1, 2, 3, 4, 5, 6, 7, 8, 9]


def test_a_chapter_begins_a_page_without_the_space(mini: Report) -> None:
    assert mini.pages[6].start == at(mini, "3挑战3挑战两国")


def test_a_page_without_text_is_a_page(mini: Report) -> None:
    assert mini.pages[-1].start == mini.pages[-1].end == len(mini.text)


def test_text_that_does_not_begin_with_a_space_is_the_first_page_all_the_same() -> None:
    layout = lay("甲\n\n乙\n 丙\n")
    assert [(page.number, page.start, page.end) for page in layout.pages] == [(1, 0, 2), (2, 2, 3)]


def test_two_spaces_begin_no_page() -> None:
    assert len(lay(" 甲\n  乙\n").pages) == 1


def test_empty_text_has_no_regions() -> None:
    assert lay("").regions == ()


def test_sections_follow_one_another(mini: Report) -> None:
    assert mini.sections == ("0", "1", "1.1", "1.2", "2", "2.1", "3")


def test_a_section_goes_on_over_the_foot_of_a_page(mini: Report) -> None:
    assert mini.section_of(at(mini, "年交换一次")) == "1.1"
    assert mini.section_of(at(mini, "2021年7月，甲国")) == "1.2"


def test_a_number_out_of_order_is_no_head() -> None:
    layout = lay(" 1甲\n1.1乙\n1.3丙\n2.1丁\n1.1.1戊\n1.2己\n")
    assert list(dict.fromkeys(region.section for region in layout.regions)) == ["1", "1.1", "1.1.1", "1.2"]


def test_a_number_with_a_bracket_at_the_top_of_a_page_is_no_chapter() -> None:
    layout = lay(" 1甲\n乙。\n 2）丙\n丁。\n")
    assert {region.section for region in layout.regions} == {"1"}


def test_a_chapter_out_of_order_is_no_chapter() -> None:
    layout = lay(" 1甲\n乙。\n 3丙\n丁。\n")
    assert {region.section for region in layout.regions} == {"1"}


def test_a_repeated_line_in_the_middle_of_a_box_begins_no_page() -> None:
    assert len(lay(" 甲。\n1乙\n\n1乙\n").pages) == 1
    assert len(lay(" 甲。\n\n1乙\n\n1乙\n").pages) == 2


def test_section_numbers_go_beyond_nine() -> None:
    raw = " 1甲\n" + "".join(f"1.{number}乙\n丙。\n" for number in range(1, 12))
    assert [region.section for region in lay(raw).regions][-1] == "1.11"


def test_running_heads_are_told_from_the_chapters_own(mini: Report) -> None:
    assert texts(mini, Kind.RUNNING_HEAD) == ["1缘起", "3挑战", "3挑战"]


def test_headings_are_no_body(mini: Report) -> None:
    assert texts(mini, Kind.HEADING) == [
        "内容提要",
        "1.缘起",
        "1缘起",
        "1.1风浪威胁航海",
        "1.2两国设立研究所，开展联合观测",
        "2比较",
        "2.1任务与经费",
        "3挑战",
        "1）数据共享",
        "●已有的办法",
        "2）经费来源",
    ]


@pytest.mark.parametrize(
    "raw",
    [
        " 1甲\n● 乙\n● 丙\n",
        " 1甲\n1. 丙丁\n戊。\n",
        " 1甲\n一二三四\n丁。\n",
        " 1甲\n子 丑 寅 卯\n\n1）戊己\n庚 - - -\n",
    ],
)
def test_what_looks_like_a_heading_and_is_none(raw: str) -> None:
    layout, text = lay(raw), normalise(raw).text
    assert [text[r.start : r.end] for r in layout.regions if r.kind is Kind.HEADING] == ["1甲"]


def test_the_title_is_the_first_line_alone() -> None:
    kinds = [region.kind for region in lay(" 一二三四\n五六七八\n").regions]
    assert kinds == [Kind.HEADING, Kind.BODY]


def test_printed_page_numbers_are_no_body(mini: Report) -> None:
    assert texts(mini, Kind.PAGE_NUMBER) == ["3", "4"]
    assert [r.page for r in mini.regions if r.kind is Kind.PAGE_NUMBER] == [5, 6]


def test_the_head_of_a_table_is_known_where_it_is_repeated(mini: Report) -> None:
    assert texts(mini, Kind.TABLE_HEAD) == ["研究所设立时间经费任务负责人"] * 2
    assert mini.tables == {"2.1"}


def test_a_line_in_brackets_belongs_to_the_head_of_a_table() -> None:
    raw = " 1甲\n1.1乙\n子 丑 寅 卯\n\n(辰)\n\n巳 - - -\n 子 丑 寅 卯\n(辰)\n\n午 - - -\n"
    layout, text = lay(raw), normalise(raw).text
    heads = [text[r.start : r.end] for r in layout.regions if r.kind is Kind.TABLE_HEAD]
    assert heads == ["子丑寅卯(辰)"] * 2


def test_a_sentence_with_spaces_under_a_head_is_no_table() -> None:
    assert lay(" 1甲\n1.1乙\nThe first report, in English。\n").tables == frozenset()
    assert lay(" 1甲\n1.1乙\n甲 the first 报告，乙。\n").tables == frozenset()


def test_footnotes_stand_at_the_foot_of_their_page(mini: Report) -> None:
    assert [(note.number, note.page) for note in mini.notes] == [
        *((number, 2) for number in (1, 2, 3, 4, 5)),
        *((number, 3) for number in (6, 7, 8, 9)),
        (10, 7),
    ]
    for note in mini.notes:
        assert mini.text.text[note.start : note.end].startswith(str(note.number))
        assert mini.region_of(note.start).kind is Kind.FOOTNOTES


def test_a_footnote_ends_where_the_one_printed_below_it_begins(mini: Report) -> None:
    fourth, third = mini.notes[3], mini.notes[2]
    assert fourth.end == third.start
    assert mini.text.text[: fourth.end].endswith("-2019.")


def test_an_address_torn_off_a_footnote_is_no_body(mini: Report) -> None:
    region = mini.region_of(at(mini, "https://example.org/b20/harbour."))
    assert region.kind is Kind.FOOTNOTES
    assert region.page == 3


def test_a_repeated_address_behind_the_page_number_is_no_body() -> None:
    raw = " 甲1。\n\n1 乙, https://example.org/a.\n\n22\n\nhttps://example.org/a\nhttps://example.org/b\n"
    kinds = [region.kind for region in lay(raw).regions]
    assert kinds == [Kind.BODY, Kind.FOOTNOTES, Kind.PAGE_NUMBER, Kind.FOOTNOTES]


def test_a_line_that_begins_with_a_number_in_mid_page_is_body() -> None:
    raw = " 一，甲\n\n1 乙有三个。\n\n丙。\n"
    assert {region.kind for region in lay(raw).regions} == {Kind.BODY}
    assert lay(raw).notes == ()


@pytest.mark.parametrize("box", ["1月，乙。", "1）乙。", "1. 乙。", "12 乙。", "2 乙。", "1年，乙。"])
def test_a_box_that_begins_with_another_number_is_no_footnote(box: str) -> None:
    assert lay(f" 丙，丁1。\n\n{box}\n").notes == ()


def test_a_box_with_nothing_above_it_is_no_footnote() -> None:
    assert lay(" 1 甲，乙。\n").notes == ()
    assert [note.number for note in lay(" 丙1。\n\n1 甲，乙。\n").notes] == [1]


def test_captions_are_body(mini: Report) -> None:
    assert mini.region_of(at(mini, "两国研究所的设立时间线")).kind is Kind.BODY
