"""The rows of an answer are counted as it is written, whatever is in them."""

import csv
import gc
import io
import json
import weakref
from collections.abc import Callable
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, Store

from aisi_kg.errors import QueryEnded
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.results import GRAPH_FORMATS, RESULT_FORMATS, Choice, Format, Tally, answer

SPARQL = "{http://www.w3.org/2005/sparql-results#}"
NAMES = [format_.name for format_ in RESULT_FORMATS]


class Kept:
    """A sink that keeps what it is given."""

    def __init__(self) -> None:
        self.data = b""

    def begin(self, format_: Format) -> None:
        """Take any format."""

    def write(self, data: bytes, /) -> int:
        self.data += data
        return len(data)


READ: dict[str, Callable[[bytes], int]] = {
    "json": lambda data: len(json.loads(data)["results"]["bindings"]),
    "xml": lambda data: len(ET.fromstring(data).findall(f".//{SPARQL}result")),
    "csv": lambda data: len(list(csv.reader(io.StringIO(data.decode(), newline="")))) - 1,
    "tsv": lambda data: data.count(b"\n") - 1,
}


def counted(text: str, name: str, most: int = 10**9) -> tuple[int, bytes]:
    tally, kept = Tally(most), Kept()
    answer(Store(), QueryRequest(text), Choice(name, name), kept, {}, tally)
    return tally.rows, kept.data


ODD = [
    "a",
    "",
    "},{",
    '},{"',
    '"},{"',
    '\\"},{\\"',
    '"',
    '""',
    "a\nb",
    "a\r\nb",
    "\t",
    ",",
    '",\n"',
    "<result>",
    "</result><result>",
    "卢里塔尼亚",
    "\\",
    "}",
    "{",
]


def values(texts: list[str], times: int = 1) -> str:
    rows = " ".join(f"({Literal(text)} {n})" for n in range(times) for text in texts)
    return f"SELECT ?x ?n {{ VALUES (?x ?n) {{ {rows} }} }}"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("number", [0, 1, 2, 1000])
def test_plain_rows(name: str, number: int) -> None:
    rows, data = counted(values(["x" * 50] * number), name)
    assert rows == READ[name](data) == number


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("text", ODD)
def test_rows_with_odd_texts(name: str, text: str) -> None:
    # More than a block of the engine's, so that it is cut at many places.
    rows, data = counted(values([text, "x", f"{text}x{text}"], 300), name)
    assert rows == 900
    if name != "csv" or "\r" not in text:
        assert READ[name](data) == 900


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40)
@given(st.lists(st.text(st.sampled_from('},{"\\\n\ra<>/'), max_size=8), min_size=1, max_size=40))
def test_rows_with_any_texts(name: str, texts: list[str]) -> None:
    rows, _ = counted(values(texts, 20), name)
    # In JSON, a text with an empty object in it counts once more.
    assert rows >= 20 * len(texts)
    if name != "json" or not any("},{}" in text for text in texts):
        assert rows == 20 * len(texts)


@pytest.mark.parametrize("name", NAMES)
def test_rows_without_a_value(name: str) -> None:
    rows, data = counted("SELECT ?x { VALUES ?y { 1 2 3 4 5 } }", name)
    assert rows == 5
    if name == "json":
        assert counted("SELECT ?x { VALUES ?x { 1 UNDEF 2 UNDEF UNDEF } }", name)[0] == 5
    assert name == "csv" or READ[name](data) == 5


@pytest.mark.parametrize("name", NAMES)
def test_many_columns(name: str) -> None:
    # The heads alone are more than a block.
    heads = " ".join(f"?{'x' * 200}{n}" for n in range(300))
    rows, data = counted(f"SELECT {heads} ?y {{ VALUES ?y {{ 1 2 3 }} }}", name)
    assert rows == READ[name](data) == 3


@pytest.mark.parametrize("name", NAMES)
def test_a_truth_is_no_row(name: str) -> None:
    assert counted("ASK {}", name, most=0)[0] == 0


@pytest.mark.parametrize("name", NAMES)
def test_the_most_rows(name: str) -> None:
    text = values(["},{", 'a"\nb'], 100)
    assert counted(text, name, most=200)[0] == 200
    with pytest.raises(QueryEnded) as caught:
        counted(text, name, most=199)
    assert caught.value.code == "too-many-rows"
    assert "199 rows" in str(caught.value)


@pytest.mark.parametrize("name", [format_.name for format_ in GRAPH_FORMATS])
def test_the_most_triples(name: str) -> None:
    numbers = " ".join(map(str, range(50)))
    text = f"CONSTRUCT {{ <http://e/a> <http://e/b> ?n }} WHERE {{ VALUES ?n {{ {numbers} }} }}"
    assert counted(text, name, most=50)[0] == 50
    with pytest.raises(QueryEnded):
        counted(text, name, most=49)


@pytest.mark.parametrize("name", NAMES)
def test_what_wrote_an_answer_is_gone_with_it(name: str) -> None:
    """Where it waited for the collector, answers would pile up in a process with little memory."""
    gc.collect()
    gc.disable()
    try:
        kept = Kept()
        answer(Store(), QueryRequest(values(["x"])), Choice(name), kept, {}, Tally(10))
        gone = weakref.ref(kept)
        del kept
        assert gone() is None
    finally:
        gc.enable()
