"""A passage is shown in its sentence, with those beside it and nothing more."""

from pathlib import Path

import pytest

from aisi_kg.text import Report
from aisi_kg.text.context import LONGEST_STRETCH, Segment, in_context
from aisi_kg.text.report import read_report


def shown(report: Report, words: str) -> tuple[Segment, ...]:
    start = report.text.text.index(words)
    return in_context(report, start, start + len(words))


def of_role(segments: tuple[Segment, ...], *roles: str) -> str:
    return "".join(each.text for each in segments if each.role in roles and not each.footnote)


def test_a_passage_is_shown_in_its_sentence_with_those_beside_it(mini: Report) -> None:
    segments = shown(mini, "《远洋安全声明》")
    assert of_role(segments, "passage") == "《远洋安全声明》"
    sentence = of_role(segments, "passage", "sentence")
    assert sentence.startswith("《远洋安全声明》和《近海倡议》先后发表")
    assert sentence.endswith("作出回应。")
    assert segments[0].role == "around"
    around = of_role(segments, "around")
    assert around.startswith("据统计，风浪每年损坏约3百艘船，4年来未见好转。")
    assert around.endswith("年交换一次观测数据。")


def test_a_sentence_goes_on_over_the_foot_of_a_page(mini: Report) -> None:
    segments = shown(mini, "交换一次观测数据")
    sentence = of_role(segments, "sentence", "passage")
    assert sentence == "此后，各国商定每年交换一次观测数据。"
    assert "港口共识" not in of_role(segments, "around", "sentence", "passage")


def test_footnote_markers_stand_apart(mini: Report) -> None:
    segments = shown(mini, "各国商定每")
    assert [(each.text, each.footnote) for each in segments if each.footnote][-1] == ("6", 6)
    # What looks like one and is none stays in the text.
    assert "3家学社" in of_role(segments, "around")


def test_a_bullet_and_what_stands_under_a_heading_begin_anew(mini: Report) -> None:
    assert of_role(shown(mini, "观测船2艘"), "sentence", "passage").startswith("●甲国风浪研究所")
    under = shown(mini, "各用一套标准")
    assert of_role(under, "sentence", "passage") == "数据的格式尚未统一，双方各用一套标准。"
    assert of_role(under, "around").startswith("两国的合作仍面临以下困难：")


def test_a_cell_of_a_table_is_no_sentence(mini: Report) -> None:
    segments = shown(mini, "100万元")
    assert of_role(segments, "passage") == "100万元"
    assert of_role(segments, "sentence") == ""
    around = of_role(segments, "around")
    assert around.startswith("甲国2021年7月-林某")
    assert len(around.replace(" ", "")) <= 80


def test_only_what_is_next_to_a_passage_is_shown_of_a_long_stretch() -> None:
    text = " 1头\n\n1.1 节名\n" + "甲" * 400 + "乙丙" + "丁" * 400 + "。\n\n" + "戊" * 400 + "。\n"
    report = Report("long.txt", text.encode())
    segments = shown(report, "乙丙")
    assert of_role(segments, "sentence") == "…" + "甲" * LONGEST_STRETCH + "丁" * LONGEST_STRETCH + "…"
    assert of_role(segments, "around") == "戊" * LONGEST_STRETCH + "…"


def test_words_of_latin_letters_have_their_spaces() -> None:
    report = Report(
        "latin.txt", " 1头\n\n1.1 节名\n研究所 (AI evaluation\ncenter) 于 2024 年成立。\n".encode()
    )
    assert of_role(shown(report, "(AIevaluationcenter)"), "passage") == "(AI evaluation center)"


@pytest.mark.parametrize("place", [(-1, 3), (3, 3), (5, 3), (0, 10**7)])
def test_what_is_no_stretch_of_the_text_shows_nothing(mini: Report, place: tuple[int, int]) -> None:
    assert in_context(mini, *place) == ()


def test_a_passage_outside_the_body_shows_nothing(mini: Report) -> None:
    start = mini.text.text.index("港口共识")
    assert in_context(mini, start, start + 4) == ()


def test_a_passage_is_never_shown_with_more_than_its_bounds(report_path: Path) -> None:
    report = read_report(report_path)
    for region in report.body:
        end = min(region.end, region.start + 10)
        segments = in_context(report, region.start, end)
        for role in ("sentence", "around"):
            # On either side a stretch, the mark that it was cut, and the spaces between Latin words.
            stretch = sum(len(each.text.replace(" ", "")) for each in segments if each.role == role)
            assert stretch <= 2 * (LONGEST_STRETCH + 1)
