"""Search, over the small dataset beside this file and over the project's own."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from aisi_kg.store.disk import Seen
from aisi_kg.store.inquiry import conduct
from aisi_kg.store.search import Index, Kind, Results, Role, gather, search
from aisi_kg.store.search import index as search_index
from aisi_kg.store.search.index import distance

ENTITY = "https://w3id.org/aisi-kg/entity/"
AISI = "https://w3id.org/aisi-kg/ontology#"


@pytest.fixture(scope="module")
def index(small_store: Store) -> Index:
    return Index(conduct(small_store, gather()))


def names(results: Results, kind: Kind = Kind.ENTITY) -> list[str]:
    return [
        hit.document.iri.rpartition("/")[2]
        for group in results.groups
        if group.kind is kind
        for hit in group.hits
    ]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Canadian Artificial Intelligence Safety Institute", "caisi"),
        ("canadian art", "caisi"),
        ("加拿大人工智能安全研究所", "caisi"),
        ("加拿大", "canada"),
        ("ＣＡＮＡＤＡ", "canada"),
        ("CANADA", "canada"),
        ("Cnada", "canada"),
        ("Canaad", "canada"),
        ("Ruritanina AI Safty Institute", "ruritania-aisi"),
        ("ru aisi", "ruritania-aisi"),
        ("RUAISI", "ruritania-aisi"),
        ("cafe etoile", "cafe"),
        ("Etoil", "cafe"),
        ("Deep Thought", "deepthought"),
        ("deepthought", "deepthought"),
        ("拉森狄尔", "rudolf"),
        ("Rassendyll, Rudolf", "rudolf"),
        ("加拿⼤", "canada"),
        ("Q16", "canada"),
        ("ruritania-aisi", "ruritania-aisi"),
        # An institute's name with another last character.
        ("卢里塔尼亚人工智能安全研究院", "ruritania-aisi"),
    ],
)
def test_the_first_entity_is_the_one_that_is_meant(index: Index, text: str, first: str) -> None:
    assert names(search(index, text, "en"))[0] == first


def test_an_abbreviation_gives_all_that_have_it(index: Index) -> None:
    assert set(names(search(index, "CAISI", "en"))[:2]) == {"caisi", "other-caisi"}


def test_two_characters_find_every_kind_that_has_them(index: Index) -> None:
    found = search(index, "风险", "zh")
    assert {group.kind: group.total for group in found.groups} == {Kind.TERM: 1, Kind.CLAIM: 1}
    assert found.groups[0].hits[0].label == "风险"
    assert search(index, "⻛险", "zh") == found


def test_each_kind_is_found(index: Index) -> None:
    assert names(search(index, "misuse risks", "en"), Kind.CLAIM) == ["risk"]
    assert names(search(index, "bicycles", "en"), Kind.PUBLICATION) == ["gazette"]
    assert names(search(index, "footnote 7", "en"), Kind.FOOTNOTE) == ["7"]
    assert names(search(index, "脚注7", "en"), Kind.FOOTNOTE) == ["7"]
    assert names(search(index, "hasParentAgency", "en"), Kind.TERM) == ["ontology#hasParentAgency"]
    assert names(search(index, "which institute has", "en"), Kind.QUERY) == ["who-has-money"]


def test_kinds_and_classes_narrow_it(index: Index) -> None:
    assert {group.kind for group in search(index, "institute", "en", [Kind.CLAIM, Kind.QUERY]).groups} == {
        Kind.CLAIM,
        Kind.QUERY,
    }
    assert names(search(index, "CAISI", "en", classes=[AISI + "SafetyInstitute"])) == ["caisi"]


def test_labels_and_notes_are_in_the_language_and_hits_do_not_depend_on_it(index: Index) -> None:
    english, chinese = search(index, "CAISI", "en"), search(index, "CAISI", "zh")
    assert names(english) == names(chinese)
    assert {(hit.label, hit.note) for hit in chinese.groups[0].hits} >= {
        ("加拿大人工智能安全研究所", "人工智能安全研究所"),
        ("伊利里亚人工智能标准中心", "组织"),
    }


def test_a_snippet_shows_where_the_words_stand(index: Index) -> None:
    [hit] = search(index, "⼈⼯智能标准", "en", [Kind.ENTITY]).groups[0].hits
    assert (hit.snippet.language, hit.snippet.role) == ("zh", Role.LABEL)
    assert [hit.snippet.text[low:high] for low, high in hit.snippet.ranges] == ["人工智能标准"]
    [hit] = search(index, "bicycles", "en", [Kind.PUBLICATION]).groups[0].hits
    assert len(hit.snippet.text) <= 160
    assert [hit.snippet.text[low:high] for low, high in hit.snippet.ranges] == ["bicycles"]


def test_hits_come_in_pages(index: Index) -> None:
    every = names(search(index, "a", "en", limit=100))
    assert len(every) > 3
    pages = [names(search(index, "a", "en", limit=2, offset=at)) for at in range(0, len(every), 2)]
    assert [name for page in pages for name in page] == every


def test_what_has_only_a_part_of_the_words_is_told_from_what_has_all(index: Index) -> None:
    assert search(index, "Canada", "en").is_whole
    found = search(index, "Canadian establishment zzzz", "en")
    assert not found.is_whole
    assert "caisi-founding" in names(found)


@pytest.mark.parametrize("text", ["", " ", "!?", "zzzz", "\x00", "\ud800", "…" * 10_000])
def test_nothing_is_found_of_nothing(index: Index, text: str) -> None:
    assert search(index, text, "en").groups == ()


@given(st.text(max_size=400), st.sampled_from(["en", "zh"]))
def test_any_text_can_be_searched_for(index: Index, text: str, language: str) -> None:
    for group in search(index, text, language).groups:
        assert group.total >= len(group.hits) > 0
        scores = [hit.score for hit in group.hits]
        assert scores == sorted(scores, reverse=True)
        assert 0 < scores[-1] <= scores[0] <= 1
        for hit in group.hits:
            assert all(0 <= low < high <= len(hit.snippet.text) for low, high in hit.snippet.ranges)


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("safety", "safty", 1),
        ("safety", "saftey", 1),
        ("safety", "safety", 0),
        ("abcd", "badc", 2),
        ("ab", "xyz", 3),
    ],
)
def test_typing_errors_are_counted(one: str, other: str, apart: int) -> None:
    assert distance(one, other, 2) == apart
    assert distance(other, one, 2) == apart


@pytest.fixture(scope="module")
def real_index(real: Store) -> Index:
    return Index(conduct(real, gather()))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("CAISI", "caisi"),
        ("UK AISI", "uk-aisi"),
        ("U.S. AI Safety Institute", "us-aisi"),
        ("英国人工智能安全研究所", "uk-aisi"),
        ("英国⼈⼯智能安全研究所", "uk-aisi"),
        ("布莱切利宣言", "bletchley-declaration"),
        ("anthropc", "anthropic"),
        ("Bengio", "yoshua-bengio"),
        ("NIST", "nist"),
        ("经合组织", "oecd"),
        ("Deep Mind", "deepmind"),
    ],
)
def test_the_projects_entities_are_found(real_index: Index, text: str, first: str) -> None:
    assert names(search(real_index, text, "en"))[0] == first


def test_a_text_full_of_typing_errors_is_compared_with_few_words(
    real_index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = 0

    def counted(one: str, other: str, most: int) -> int:
        nonlocal compared
        compared += 1
        return distance(one, other, most)

    monkeypatch.setattr(search_index, "distance", counted)
    words = [
        "".join(each) for each in product(("ti", "on", "at"), ("er", "in", "te"), ("re", "an"), ("io", "en"))
    ]
    search(real_index, " ".join(words), "en")
    assert 0 < compared < 2500


def test_every_entity_is_found_by_each_of_its_labels(real_index: Index) -> None:
    for document in real_index.documents:
        if document.kind is Kind.ENTITY:
            for field in document.fields:
                assert document.iri in {
                    hit.document.iri
                    for hit in search(real_index, field.text, "en", [Kind.ENTITY]).groups[0].hits
                }, field


def test_the_index_holds_every_kind_of_the_projects_data(real_index: Index) -> None:
    for kind, least in (
        (Kind.ENTITY, 900),
        (Kind.CLAIM, 1200),
        (Kind.PUBLICATION, 70),
        (Kind.FOOTNOTE, 77),
        (Kind.TERM, 900),
        (Kind.QUERY, 100),
    ):
        assert sum(each.kind is kind for each in real_index.documents) >= least


def test_of_a_dataset_that_is_too_large_to_ask_everything_names_are_searched(real: Store) -> None:
    everything, names = Seen.of(real), Seen.of(real, is_large=True)
    claims = [each for each in everything.documents if each.kind is Kind.CLAIM]
    assert claims
    assert names.documents == [each for each in everything.documents if each.kind is not Kind.CLAIM]
    assert everything.catalogue.types
    assert names.catalogue.types == {}
    assert (names.prefixes, names.library) == (everything.prefixes, everything.library)
