"""The queries of queries/ over mini.trig: exact rows for each kind of parameter, wherever it stands."""

from typing import Any

import pytest
from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from aisi_kg.errors import ServiceRefused
from aisi_kg.graph.prefixes import CLAIM_BASE, ENTITY_BASE, Prefixes
from aisi_kg.store.evaluate import QueryRequest, evaluate
from aisi_kg.store.library.records import Form, Library
from aisi_kg.store.library.values import bind

RURITANIA, SYLDAVIA, BORDURIA = "ruritania-aisi", "syldavia-aisi", "borduria-aisi"
ENTITY, CLAIM = ENTITY_BASE, CLAIM_BASE + "concordia-2024/"

Rows = list[tuple[Any, ...]]


def shown(term: object) -> str:
    """Write a term so that rows can be read in this file."""
    if isinstance(term, NamedNode):
        return term.value.removeprefix(ENTITY).removeprefix(CLAIM)
    return term.value if isinstance(term, Literal) else ""


@pytest.mark.parametrize(
    ("id_", "given", "rows"),
    [
        (
            "founded",
            {},
            [
                (RURITANIA, "2023-11-02", "ruritania-founded"),
                (SYLDAVIA, "2024-02-14", "syldavia-founded"),
                (BORDURIA, "2024-11-21", "borduria-founded"),
            ],
        ),
        (
            "founded",
            {"since": "2024-01-01"},
            [(SYLDAVIA, "2024-02-14", "syldavia-founded"), (BORDURIA, "2024-11-21", "borduria-founded")],
        ),
        (
            "founded",
            {"since": "2024-01-01", "until": "2024-02-14"},
            [(SYLDAVIA, "2024-02-14", "syldavia-founded")],
        ),
        ("founded", {"until": "2023-01-01"}, []),
        ("money", {}, [(RURITANIA, "20", "ruritania-more-money"), (RURITANIA, "100", "ruritania-money")]),
        ("money", {"institute": "entity:syldavia-aisi"}, [(SYLDAVIA, "50", "syldavia-money")]),
        ("money", {"institute": "entity:borduria-aisi"}, []),
        ("by-basis", {}, [(RURITANIA, "ruritania-money"), (SYLDAVIA, "syldavia-money")]),
        ("by-basis", {"basis": "aisi:ExistingBody"}, [(SYLDAVIA, "syldavia-money")]),
        ("totals", {}, [(RURITANIA, "2", "120")]),
        ("totals", {"least": "1"}, [(RURITANIA, "2", "120"), (SYLDAVIA, "1", "50")]),
        # Bound inside the sub-select alone, before it is counted.
        ("totals", {"least": "1", "above": "20"}, [(RURITANIA, "1", "100"), (SYLDAVIA, "1", "50")]),
        ("totals", {"above": "20"}, []),
        ("without-money", {}, [(BORDURIA,)]),
        ("without-money", {"institute": "entity:borduria-aisi"}, [(BORDURIA,)]),
        ("without-money", {"institute": "entity:syldavia-aisi"}, []),
        ("sized", {"size": "small"}, [("small", "ruritania-more-money"), ("small", "syldavia-money")]),
        (
            "sized",
            {},
            [
                ("large", "ruritania-money"),
                ("small", "ruritania-more-money"),
                ("small", "syldavia-money"),
            ],
        ),
        (
            "statements",
            {"word": "20"},
            [("borduria-founded",), ("ruritania-founded",), ("ruritania-more-money",)],
        ),
        (
            "statements",
            {"word": "成立", "language": "zh"},
            [("borduria-founded",), ("ruritania-founded",), ("syldavia-founded",)],
        ),
        ("statements", {"word": '"INSTITUTE" was'}, [("syldavia-founded",)]),
        ("said-of", {"thing": "entity:borduria-aisi"}, [("2024-11-21", "borduria-founded")]),
        ("said-of", {"thing": "https://example.org/none"}, []),
    ],
)
def test_the_rows_are_these(
    store: Store, library: Library, prefixes: Prefixes, id_: str, given: dict[str, str], rows: Rows
) -> None:
    query = library.queries[id_]
    result = evaluate(store, QueryRequest(query.text, bindings=bind(query, given.items(), prefixes)))
    assert isinstance(result, QuerySolutions)
    # What was added so that a value reaches its variable is not given.
    assert [variable.value for variable in result.variables] == [column.name for column in query.columns]
    left_out = {"instituteEn", "instituteZh", "statement", "property"}
    kept = [column.name for column in query.columns if column.name not in left_out]
    assert [tuple(shown(solution[name]) for name in kept) for solution in result] == rows


@pytest.mark.parametrize(("day", "truth"), [(None, True), ("2023-11-02", False), ("2023-11-03", True)])
def test_a_question_is_true_or_false(
    store: Store, library: Library, prefixes: Prefixes, day: str | None, truth: bool
) -> None:
    query = library.queries["any-founded"]
    given = [] if day is None else [("day", day)]
    result = evaluate(store, QueryRequest(query.text, bindings=bind(query, given, prefixes)))
    assert isinstance(result, QueryBoolean)
    assert bool(result) is truth


def test_a_graph_is_that_of_the_claim(store: Store, library: Library, prefixes: Prefixes) -> None:
    query = library.queries["facts"]
    given = [("claim", "claim:borduria-founded")]
    result = evaluate(store, QueryRequest(query.text, bindings=bind(query, given, prefixes)))
    assert isinstance(result, QueryTriples)
    assert [shown(triple.subject) for triple in result] == [BORDURIA]


def test_another_endpoint_is_asked_by_no_one_yet(store: Store, library: Library) -> None:
    query = library.queries["elsewhere"]
    assert query.services == ("https://example.org/sparql",)
    with pytest.raises(ServiceRefused):
        evaluate(store, QueryRequest(query.text))


def test_a_binding_changes_no_other_query(store: Store, library: Library, prefixes: Prefixes) -> None:
    """What is bound is as if only the solutions with that value were kept."""
    for query in library.queries.values():
        names = {column.name for column in query.columns}
        for parameter in query.parameters:
            if query.form is not Form.SELECT or parameter.name not in names:
                continue
            everything = rows_of(evaluate(store, QueryRequest(query.text)))
            assert everything
            for value in {row[parameter.name] for row in everything}:
                request = QueryRequest(query.text, bindings=((parameter.name, value),))
                fitting = [row for row in everything if row[parameter.name] == value]
                assert rows_of(evaluate(store, request)) == fitting


def rows_of(result: object) -> list[dict[str, Any]]:
    assert isinstance(result, QuerySolutions)
    names = [variable.value for variable in result.variables]
    return [{name: solution[name] for name in names} for solution in result]
