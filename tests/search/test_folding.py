"""What counts as the same when one searches."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisi_kg.store.search import folding
from aisi_kg.store.search.folding import fold, fold_with_offsets, tokens


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("UK AISI", "uk aisi"),
        ("  uk-aisi ", "uk aisi"),
        ("U.S. A.I. office", "us ai office"),
        ("version 4.0.", "version 4 0"),
        ("Café Étoilé", "cafe etoile"),
        ("Cafe\u0301", "cafe"),
        ("ＮＩＳＴ　８００", "nist 800"),
        ("⻛险与⼈⼯智能", "风险与人工智能"),
        ("《布莱切利宣言》", "布莱切利宣言"),
        ("Straße", "strasse"),
        ("\x00\ud800…", ""),
        ("", ""),
    ],
)
def test_it_folds(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_characters_that_somebody_tries_out_are_not_remembered_for_good() -> None:
    for start in range(0, sys.maxunicode, 1000):
        fold("".join(map(chr, range(start, min(start + 1000, sys.maxunicode)))))
    assert len(folding._TABLE) < 100_000
    assert fold("\U0001d49c\U0001d4d0") == "aa"


def test_ideographs_are_cut_in_pairs_and_words_at_spaces() -> None:
    assert tokens("ai办公室 uk") == ["ai", "办公", "公室", "室", "uk"]


@given(st.text(alphabet=st.characters() | st.sampled_from("a.b U.S.⻛险é　-")))
def test_the_way_back_leads_to_the_character_that_each_came_from(text: str) -> None:
    folded = fold_with_offsets(text)
    assert folded.text == fold(text)
    assert len(folded.offsets) == len(folded.text)
    assert list(folded.offsets) == sorted(folded.offsets)
    for character, offset in zip(folded.text, folded.offsets, strict=True):
        assert (
            character == " " or character in fold(text[offset]) or character in fold_with_offsets(text).text
        )
        assert 0 <= offset < len(text)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
