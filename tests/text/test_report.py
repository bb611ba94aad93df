from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from aisi_kg.errors import InputError
from aisi_kg.text import Report, read_report


def test_the_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_bytes(b" one\r\n two\r\n")
    assert read_report(path).sha256 == hashlib.sha256(b" one\r\n two\r\n").hexdigest()


def test_line_ends_of_another_system_make_no_difference(mini: Report) -> None:
    other = Report("crlf.txt", mini.raw.replace(b"\n", b"\r\n"))
    assert other.text.text == mini.text.text
    assert other.layout == mini.layout
    assert other.markers == mini.markers


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.txt cannot be read \(no such file or directory\)"):
        read_report(tmp_path / "gone.txt")


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_report(tmp_path)


def test_bytes_that_are_no_text_still_have_a_digest(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(b"%PDF-1.7 \xff\xfe")
    report = read_report(path)
    assert len(report.sha256) == 64
    with pytest.raises(InputError, match=r"report\.pdf is not UTF-8 \(byte 9\)"):
        _ = report.text


def test_a_position_has_a_page_and_a_section(mini: Report) -> None:
    start = mini.text.text.index("甲国2021年7月")
    assert (mini.page_of(start), mini.section_of(start)) == (5, "2.1")
    assert mini.page_of(0) == 1
    assert mini.page_of(len(mini.text) - 1) == 8


@pytest.mark.parametrize("position", [-1, 1_000_000])
def test_a_position_outside_the_text_is_refused(mini: Report, position: int) -> None:
    with pytest.raises(IndexError, match=f"position {position} is outside"):
        mini.page_of(position)


def test_an_anchor_has_24_characters_at_most(mini: Report) -> None:
    assert mini.anchor_of(0, 4) == "内容提要"
    assert mini.anchor_of(4, 44) == mini.text.text[4:28]


def test_the_markers_of_a_passage_stand_inside_or_directly_behind_it(mini: Report) -> None:
    marker = mini.markers[1]

    def numbers(start: int, end: int) -> list[int]:
        return [found.number for found in mini.markers_at(start, end)]

    assert numbers(marker.start - 5, marker.start) == [2]
    assert numbers(marker.start - 5, marker.end) == [2]
    assert numbers(marker.start - 5, marker.start - 1) == []
    assert numbers(marker.start, marker.end) == [2]
    assert numbers(marker.end, marker.end + 1) == []
