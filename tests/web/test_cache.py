"""The memory of kept answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.results import Choice
from aisi_kg.web.cache import AnswerCache, AnswerKey, Head, KeptAnswer, Shortcut
from aisi_kg.web.sparql import answer_digest


def key(text: str = "ASK {}", default: tuple[str, ...] = (), named: tuple[str, ...] = ()) -> AnswerKey:
    return AnswerKey(QueryRequest(text, default, named), Choice(), "")


def digest(key_: AnswerKey) -> str:
    return answer_digest("1", key_)


def kept(key_: AnswerKey, size: int = 100) -> KeptAnswer:
    head = Head.of([(b"vary", b"Accept")])
    return KeptAnswer(digest(key_), head, '"x"', b"x" * size)


def shortcut(number: int, accept: bytes = b"") -> Shortcut:
    return Shortcut(b"/sparql?query=%d" % number, accept, b"")


def test_what_is_kept_is_found() -> None:
    cache = AnswerCache(100_000)
    answer = kept(key())
    assert cache.get(digest(key())) is None
    cache.put(answer)
    assert cache.get(digest(key())) is answer
    assert answer.wire == b'vary: Accept\r\netag: "x"\r\ncontent-length: 100\r\n\r\n' + b"x" * 100
    assert answer.headers == [(b"vary", b"Accept"), (b"etag", b'"x"'), (b"content-length", b"100")]


@pytest.mark.parametrize(
    "other",
    [
        key("ASK { }"),
        key(default=("http://e/a",)),
        key(named=("http://e/a",)),
        AnswerKey(QueryRequest("ASK {}"), Choice("csv"), ""),
        AnswerKey(QueryRequest("ASK {}"), Choice(), "gzip"),
    ],
)
def test_another_key_is_another_answer(other: AnswerKey) -> None:
    cache = AnswerCache(100_000)
    cache.put(kept(key()))
    assert cache.get(digest(other)) is None


def test_a_shortcut_leads_to_its_answer_as_long_as_that_is_kept() -> None:
    cache = AnswerCache(100_000)
    answer = kept(key())
    cache.add_shortcut(shortcut(1), answer)
    assert cache.by_shortcut(shortcut(1)) is None
    cache.put(answer)
    cache.add_shortcut(shortcut(1), answer)
    assert cache.by_shortcut(shortcut(1)) is answer
    assert cache.by_shortcut(shortcut(1, b"text/csv")) is None
    # Another takes its place, and the way to the first is forgotten.
    cache.put(kept(key()))
    assert cache.by_shortcut(shortcut(1)) is None


def test_an_answer_has_few_shortcuts() -> None:
    cache = AnswerCache(1_000_000)
    answer = kept(key())
    cache.put(answer)
    for number in range(100):
        cache.add_shortcut(shortcut(number), answer)
    assert sum(cache.by_shortcut(shortcut(number)) is not None for number in range(100)) < 20


def test_those_longest_unused_go_first() -> None:
    cache = AnswerCache(12_000)
    keys = [key(f"ASK {{}} #{number}") for number in range(12)]
    for each in keys:
        cache.put(kept(each))
        cache.get(digest(keys[0]))
    assert cache.get(digest(keys[0])) is not None
    assert cache.get(digest(keys[-1])) is not None
    assert cache.get(digest(keys[1])) is None


def test_being_found_by_a_shortcut_is_being_used() -> None:
    cache = AnswerCache(12_000)
    first = kept(key("first"))
    cache.put(first)
    cache.add_shortcut(shortcut(1), first)
    for number in range(12):
        cache.put(kept(key(f"ASK {{}} #{number}")))
        assert cache.by_shortcut(shortcut(1)) is first


def test_what_would_take_most_of_it_is_not_kept() -> None:
    cache = AnswerCache(100_000)
    assert cache.takes(1_000)
    assert not cache.takes(50_000)
    cache.put(kept(key(), 50_000))
    assert cache.get(digest(key())) is None
    assert cache.size == 0


def test_what_is_quickly_made_is_wanted_when_it_is_asked_for_again() -> None:
    cache = AnswerCache(100_000)
    assert [cache.wants(name) for name in ("a", "b", "a", "b", "c")] == [False, False, True, True, False]
    # What was asked for long ago is forgotten, so that its memory is bounded.
    asked = [cache.wants(f"other {number}") for number in range(50_000)]
    assert not any(asked)
    assert not cache.wants("a")
    assert cache.wants("a")


def test_a_cache_of_nothing_keeps_nothing() -> None:
    cache = AnswerCache(0)
    assert not cache.takes(0)
    cache.put(kept(key(), 0))
    assert cache.get(digest(key())) is None


@given(
    st.lists(
        st.tuples(st.integers(0, 15), st.integers(0, 3000), st.integers(0, 30), st.booleans()), max_size=60
    )
)
def test_it_stays_within_its_bounds(steps: list[tuple[int, int, int, bool]]) -> None:
    limit = 20_000
    cache = AnswerCache(limit)
    last: dict[int, KeptAnswer] = {}
    for number, size, spelling, is_put in steps:
        if is_put:
            last[number] = kept(key(str(number)), size)
            cache.put(last[number])
        elif number in last:
            cache.add_shortcut(shortcut(spelling), last[number])
        assert cache.size <= limit
        # Its size is that of what is in it.
        held = [cache.get(digest(key(str(each)))) for each in range(16)]
        assert cache.size == sum(answer.size for answer in held if answer is not None)
        for each in range(31):
            found = cache.by_shortcut(shortcut(each))
            assert found is None or found in held
