"""The grammar that explains refusals: it accepts what the engine accepts, and names what it refuses."""

from pathlib import Path

import pytest
from pyoxigraph import Store

from aisi_kg.store.grammar import find_fault
from aisi_kg.store.syntax import scan

# One a line, with \\n for a line's end.
VALID = [
    line.replace("\\n", "\n")
    for line in (Path(__file__).parent / "valid.txt").read_text("utf-8").splitlines()
]


def fault_of(text: str) -> str | None:
    fault = find_fault(scan(text).tokens, len(text), {}, based=False)
    return None if fault is None else fault.message


@pytest.mark.parametrize("text", VALID)
def test_what_the_engine_reads_has_no_fault(text: str) -> None:
    Store().query(text)
    assert fault_of(text) is None


@pytest.mark.parametrize("text", VALID)
def test_without_its_last_bracket_every_query_has_one(text: str) -> None:
    shortened = text[: text.rindex("}")] if "}" in text else text + " ("
    assert fault_of(shortened) is not None


def test_the_stored_queries_have_no_fault(checkout: Path) -> None:
    for path in sorted((checkout / "queries").rglob("*.rq")):
        assert fault_of(path.read_text("utf-8")) is None, path


def test_prefixes_that_are_known_need_no_declaration() -> None:
    tokens = scan("ASK { e:a e:b e:c }").tokens
    assert find_fault(tokens, 19, {"e": "http://e/"}, based=False) is None
    assert find_fault(tokens, 19, {}, based=False) is not None


def test_relative_iris_need_a_base() -> None:
    tokens = scan("ASK { <a> ?p ?o }").tokens
    assert find_fault(tokens, 17, {}, based=True) is None
    assert find_fault(tokens, 17, {}, based=False) is not None


def test_depth_does_not_matter() -> None:
    assert fault_of("ASK {" * 1 + "{" * 50_000 + "}" * 50_000 + "}") is None
