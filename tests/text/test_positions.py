from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aisi_kg.text.positions import RADICALS, normalise


@pytest.mark.parametrize(
    ("radical", "ideograph"),
    [
        ("⻆", "角"), ("⻛", "风"), ("⻅", "见"), ("⻓", "长"), ("⺠", "民"), ("⻔", "门"), ("⻬", "齐"),
        ("⻋", "车"), ("⻚", "页"), ("⻢", "马"), ("⻥", "鱼"), ("⻦", "鸟"), ("⻰", "龙"), ("⻳", "龟"),
        ("⼈", "人"), ("⼯", "工"), ("⼾", "户"), ("⿕", "龠"),
    ],
)  # fmt: skip
def test_a_radical_becomes_its_ordinary_ideograph(radical: str, ideograph: str) -> None:
    assert normalise(radical).text == ideograph


def test_the_table_is_complete() -> None:
    assigned = {code for code in range(0x2E80, 0x2FE0) if unicodedata.name(chr(code), "")}
    assert assigned - set(RADICALS) == {0x2E80}
    assert set(RADICALS) <= assigned


def test_every_ideograph_of_the_table_is_an_ordinary_one() -> None:
    for ideograph in RADICALS.values():
        assert unicodedata.name(chr(ideograph)).startswith("CJK UNIFIED IDEOGRAPH-")


def test_the_table_agrees_with_compatibility_decomposition_but_for_household() -> None:
    differing = {
        chr(radical)
        for radical, ideograph in RADICALS.items()
        if unicodedata.decomposition(chr(radical))
        and unicodedata.normalize("NFKC", chr(radical)) != chr(ideograph)
    }
    assert differing == {"⼾"}


def test_nothing_else_is_changed() -> None:
    kept = "（ＡＩ），：①ﬁ¾戶…⸺⺀A3"
    assert normalise(kept).text == kept


def test_all_white_space_goes() -> None:
    assert normalise(" a\tb\r\nc\u3000d\u00a0e\u2028f\x1cg ").text == "abcdefg"


def test_a_zero_width_space_is_no_white_space() -> None:
    assert normalise("a\u200bb\ufeff").text == "a\u200bb\ufeff"


def test_positions_lead_back_to_the_raw_text() -> None:
    raw = " 甲\n\n⼄ 丙\n"
    text = normalise(raw)
    assert text.text == "甲乙丙"
    assert [text.raw_offset(i) for i in range(4)] == [1, 4, 6, len(raw)]
    assert [text.line_of(i) for i in range(4)] == [1, 3, 3, 4]
    assert [text.position_of(offset) for offset in (0, 1, 2, 4, 5, 7, 99)] == [0, 0, 1, 1, 2, 3, 3]


@pytest.mark.parametrize("position", [-1, 3])
def test_a_position_outside_the_text_is_refused(position: int) -> None:
    text = normalise("甲 乙")
    with pytest.raises(IndexError, match=f"position {position} is outside"):
        text.raw_offset(position)
    with pytest.raises(IndexError, match=f"position {position} is outside"):
        text.line_of(position)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_every_character_comes_from_its_raw_offset(raw: str) -> None:
    text = normalise(raw)
    for position, character in enumerate(text.text):
        origin = raw[text.raw_offset(position)]
        assert character == chr(RADICALS.get(ord(origin), ord(origin)))
        assert text.line_of(position) == raw.count("\n", 0, text.raw_offset(position)) + 1
        assert text.position_of(text.raw_offset(position)) == position
    assert normalise(text.text).text == text.text
