"""Binding a variable from outside gives what the query would give if the value stood in it."""

import re

import pytest
from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, RdfFormat, Store

from aisi_kg.errors import QueryRejected
from aisi_kg.store.binding import expose, obstacles, unbound_variables
from aisi_kg.store.evaluate import QueryRequest, evaluate

DATA = """PREFIX : <http://e/>
GRAPH :c1 { :a :p :x ; :n 1 ; :l "A"@en }
GRAPH :c2 { :b :p :x ; :n 2 ; :l "B"@en }
GRAPH :c3 { :a :p :y ; :n 3 . :c :p :y . :y :p :a }
:a :p :x , :y ; :n 1 , 3 ; :l "A"@en . :b :p :x ; :n 2 ; :l "B"@en . :c :p :y . :y :p :a .
"""
IRIS = [NamedNode("http://e/" + name) for name in ("a", "b", "y", "none")]
NUMBERS = [Literal(2), Literal(9)]

PATTERNS = """
?j :p ?i
?i :p ?o . ?j :p ?o
GRAPH ?z { ?i :p ?o }
GRAPH ?i { ?j :p ?o }
?j ?i ?o
?j :p ?o OPTIONAL { ?o :p ?i }
?j :p ?o OPTIONAL { ?o :p ?z FILTER(?z = ?i) }
?j :p ?o OPTIONAL { ?i :n ?z }
?j :p ?o OPTIONAL { ?o :p ?z OPTIONAL { ?z :p ?i } }
?j :p ?o MINUS { ?i :p ?o }
?j :p ?o MINUS { ?j :p ?i }
?j :p ?o MINUS { ?j :n ?n FILTER(?o = ?i) }
?j :p ?o MINUS { { ?i :p ?o } UNION { ?o :p ?i } }
?j :p ?o FILTER EXISTS { ?i :p ?o }
?j :p ?o FILTER NOT EXISTS { ?i :p ?o }
?j :p ?o FILTER(EXISTS { ?i :n 1 } && ?j != ?i)
?j :p ?o FILTER(sameTerm(?j, ?i))
?j :p ?o FILTER(?j NOT IN (?i, :c))
?j :p ?o BIND(IF(?j = ?i, 1, 2) AS ?z)
?j :p ?o BIND(STR(?i) AS ?z)
?j :p ?o BIND(COALESCE(?i, :q) AS ?z)
?j :p ?o FILTER(!BOUND(?i) || ?j = ?i)
?j :p ?o FILTER(BOUND(?i) && ?j = ?i)
?j :p ?o OPTIONAL { ?j :n ?z FILTER(!BOUND(?i) || ?j = ?i) }
{ ?j :p ?o } UNION { ?j :n ?o FILTER(!bound( $i ) || ?j = $i) }
?j :p/:p ?i
?i :p+ ?o
?j (:p|:n)/:p? ?i
{ SELECT ?o { ?i :p ?o } } ?j :p ?o
{ SELECT ?j (COUNT(*) AS ?z) { ?j :p ?o FILTER(!BOUND(?i) || ?j = ?i) } GROUP BY ?j }
{ SELECT DISTINCT ?j { ?j :p ?o { SELECT ?o { ?z :p ?o FILTER(?z = ?i) } } } } ?j :p ?o
?j :p ?o OPTIONAL { SELECT ?j (COUNT(?n) AS ?z) { ?j :n ?n FILTER(?j != ?i) } GROUP BY ?j }
VALUES ?j { :a :b } ?j :p ?o FILTER(?j != ?i)
"""
NUMERIC = """
?j :n ?o FILTER(?o >= ?i)
?j :n ?o BIND(?o + ?i AS ?z)
?j :n ?i
?j :p ?o OPTIONAL { ?j :n ?z FILTER(?z >= ?i) }
?j :p ?o MINUS { ?j :n ?n FILTER(?n >= ?i) }
?j :p ?o FILTER NOT EXISTS { ?j :n ?n FILTER(?n >= ?i) }
{ SELECT ?j (SUM(?n + ?i) AS ?z) { ?j :n ?n } GROUP BY ?j HAVING(SUM(?n) > ?i) } ?j :p ?o
?i :p ?o
"""
PROJECTIONS = [
    ("?j ?o", "?j :n ?o FILTER(?o >= ?i)", "ORDER BY ?j ?o LIMIT 2"),
    ("DISTINCT ?j", "?j :n ?o FILTER(?o >= ?i)", "ORDER BY DESC(?i) ?j"),
    ("?j (COUNT(*) AS ?z)", "?j :n ?o FILTER(?o >= ?i)", "GROUP BY ?j"),
    ("?j (SUM(?o + ?i) AS ?z)", "?j :n ?o", "GROUP BY ?j ORDER BY ?j"),
    ("?k (COUNT(*) AS ?z)", "?j :n ?o FILTER(?o >= ?i)", "GROUP BY (STR(?j) AS ?k) HAVING (COUNT(*) > 0)"),
    ("?j (EXISTS { ?j :n ?i } AS ?z)", "?j :p ?o", ""),
]


@pytest.fixture(scope="module")
def small() -> Store:
    loaded = Store()
    loaded.load(DATA.encode(), RdfFormat.TRIG)
    return loaded


def rows(result: object) -> list[list[tuple[str, str]]]:
    assert isinstance(result, QuerySolutions)
    names = [variable.value for variable in result.variables]
    return sorted(
        [(name, str(solution[name])) for name in names if solution[name] is not None and name != "i"]
        for solution in result
    )


def agree(store: Store, text: str, term: NamedNode | Literal) -> None:
    text = "PREFIX : <http://e/> " + text
    bound = rows(evaluate(store, QueryRequest(text, bindings=(("i", term),))))
    written = re.sub(r"(?i)bound\(\s*[?$]i\s*\)", "(true)", text)
    try:
        expected = rows(store.query(re.sub(r"[?$]i\b", str(term).replace("\\", r"\\"), written)))
    except SyntaxError:
        # A literal where none can stand: no triple is like that.
        assert isinstance(term, Literal)
        expected = []
    assert bound == expected, text


@pytest.mark.parametrize("pattern", PATTERNS.strip().splitlines())
def test_a_resource_is_bound(small: Store, pattern: str) -> None:
    for iri in IRIS:
        agree(small, f"SELECT ?j ?o ?z {{ {pattern} }}", iri)


@pytest.mark.parametrize("pattern", NUMERIC.strip().splitlines())
def test_a_number_is_bound(small: Store, pattern: str) -> None:
    for number in NUMBERS:
        agree(small, f"SELECT ?j ?o ?z {{ {pattern} }}", number)


@pytest.mark.parametrize(("listed", "pattern", "modifiers"), PROJECTIONS)
def test_it_is_bound_whatever_is_selected(small: Store, listed: str, pattern: str, modifiers: str) -> None:
    for number in NUMBERS:
        agree(small, f"SELECT {listed} WHERE {{ {pattern} }} {modifiers}", number)


@pytest.mark.parametrize(
    "text", ["ASK { ?j :n ?o FILTER(?o >= ?i) }", "ASK WHERE { { SELECT ?j { ?j :n ?i } } }"]
)
def test_an_ask_is_bound(small: Store, text: str) -> None:
    for number, truth in ((Literal(2), True), (Literal(9), False)):
        result = evaluate(small, QueryRequest("PREFIX : <http://e/> " + text, bindings=(("i", number),)))
        assert isinstance(result, QueryBoolean)
        assert bool(result) is truth


@pytest.mark.parametrize("graphs", [("http://e/c1",), ("http://e/c1", "http://e/c2")])
def test_it_is_bound_in_the_dataset_of_the_request(small: Store, graphs: tuple[str, ...]) -> None:
    text = "PREFIX : <http://e/> SELECT ?j { ?j :n ?n FILTER(?n <= ?i) }"
    request = QueryRequest(text, default_graphs=graphs, bindings=(("i", Literal(9)),))
    assert len(rows(evaluate(small, request))) == len(graphs)


def test_the_text_depends_on_names_alone() -> None:
    text = "SELECT ?j { ?j ?p ?n FILTER(!BOUND(?i) || ?n > ?i) } GROUP BY ?j"
    exposed = expose(text, ["i"])
    assert exposed.text == "SELECT ?i ?j { ?j ?p ?n FILTER(!(true) || ?n > ?i) } GROUP BY ?i  ?j"
    assert exposed.hidden == {"i"}
    # One that the query gives stays among what it gives.
    assert expose("SELECT ?i { ?i ?p ?n }", ["i"]).hidden == frozenset()
    # What nobody binds stays as it is.
    assert expose(text, []).text == text


def test_the_variables_of_a_describe_are_not_bound(small: Store) -> None:
    with pytest.raises(QueryRejected, match="cannot be bound"):
        evaluate(small, QueryRequest("DESCRIBE ?i { ?i ?p ?o }", bindings=(("i", IRIS[0]),)))


def test_a_request_is_another_with_another_value() -> None:
    one, same, other = (QueryRequest("ASK {}", bindings=(("i", Literal(n)),)) for n in (1, 1, 2))
    assert one == same
    assert hash(one) == hash(same)
    assert one != other
    text = QueryRequest("ASK {}", bindings=(("i", Literal("1")),))
    assert one != text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SELECT ?j { ?j ?p ?n BIND(1 AS ?i) }", "is assigned here"),
        ("SELECT (1 AS ?i) { ?j ?p ?n }", "is assigned here"),
        ("SELECT ?z { ?j ?p ?n BIND(?i AS ?z) }", "copy a parameter"),
        ("SELECT (?i AS ?z) { ?j ?p ?i }", "copy a parameter"),
        ("SELECT ?j { VALUES ?i { 'a'@en } ?j ?p ?i }", "have one value"),
        ("SELECT ?j { VALUES ?i { '1'^^<http://e/t> } ?j ?p ?i }", "have one value"),
        ("SELECT (COUNT(*) AS ?n) { ?j ?p ?i }", "one group of everything"),
        ("SELECT ?j { ?j ?p ?n { SELECT (MAX(?x) AS ?n) { ?j ?p ?x FILTER(?x < ?i) } } }", "one group"),
        ("SELECT * { ?j ?p ?i }", "list the variables"),
    ],
)
def test_what_cannot_be_bound_is_found(text: str, words: str) -> None:
    [found] = obstacles(text, ["i"])
    assert words in found.message
    assert list(obstacles(text, ["other"])) == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?i { VALUES ?i { <http://e/a> <http://e/b> } ?i ?p ?o }",
        "SELECT ?j (COUNT(*) AS ?n) { ?j ?p ?i } GROUP BY ?j",
        "SELECT ?j { ?j ?p ?i { SELECT * { ?j ?p ?x } } }",
        "ASK { ?i ?p ?o }",
    ],
)
def test_what_can_be_bound_is_let_pass(text: str) -> None:
    assert list(obstacles(text, ["i"])) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("SELECT ?a { ?a ?p ?o FILTER(?o > ?since) }", ["since"]),
        ("SELECT ?a ?none { ?a ?p ?o }", ["none"]),
        ("SELECT ?a { ?a ?p ?o } ORDER BY ?by", ["by"]),
        ("SELECT ?a { ?a ?p ?o FILTER(BOUND(?x)) BIND(STR(?y) AS ?z) }", ["x", "y"]),
        ("SELECT ?a { VALUES (?a ?b) { (1 2) } VALUES ?c { 3 } FILTER(?a < ?b && ?b < ?c) }", []),
        (
            "SELECT (COUNT(?s) AS ?n) { ?s ?p [ ?q ?r ] FILTER EXISTS { ?r ?t ?u } } GROUP BY ?s ORDER BY ?n",
            [],
        ),
        ("SELECT ?z { ?a ?p ?o BIND(IF(?o = ?a, ?nothing, ?o) AS ?z) }", []),
        ("SELECT ?z { ?a ?p ?o BIND(IF(?o = ?wrong, ?nothing, ?o) AS ?z) }", ["wrong"]),
        ("SELECT ?g { GRAPH ?g { ?s ?p ?o } { SELECT ?s (MAX(?x) AS ?m) { ?s ?p ?x } GROUP BY ?s } }", []),
    ],
)
def test_variables_without_a_value_are_found(text: str, names: list[str]) -> None:
    assert [token.text[1:] for token in unbound_variables(text)] == names
