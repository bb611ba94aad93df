"""Queries that are looked up: the same answers as the engine's, and nothing that could take long."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    Store,
)

from aisi_kg.store import lookup
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.lookup import Found, Lookup
from aisi_kg.store.results import Choice

E = "http://example.org/"
XSD = "http://www.w3.org/2001/XMLSchema#"
GRAPH = NamedNode(E + "graph")
ROWS = 1000


def iri(name: str) -> NamedNode:
    return NamedNode(E + name)


def made() -> Store:
    """A store in which terms of each kind stand wherever they may."""
    store = Store()
    node = BlankNode("b1")
    triples: list[tuple[NamedNode | BlankNode, NamedNode, NamedNode | BlankNode | Literal]] = [
        (iri("a"), iri("p"), iri("b")),
        (iri("a"), iri("p"), iri("c")),
        (iri("a"), iri("q"), Literal("plain")),
        (iri("a"), iri("q"), Literal('中文 "quoted" \\ and\n\t\r\b\f\x01\x7f\u2028', language="zh")),
        (iri("a"), iri("q"), Literal("01", datatype=NamedNode(XSD + "integer"))),
        (iri("a"), iri("q"), Literal("1.50", datatype=NamedNode(XSD + "decimal"))),
        (iri("b"), iri("q"), node),
        (node, iri("p"), iri("p")),
        (iri("p"), iri("p"), iri("a")),
        (iri("c"), NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), iri("C")),
        (iri("c"), iri("p"), iri("c")),
        *((iri("hub"), iri("p"), iri(f"spoke{n}")) for n in range(400)),
        *((iri(f"spoke{n}"), iri("q"), iri("rim")) for n in range(400)),
        *((iri("some"), iri("p"), iri(f"spoke{n}")) for n in range(20)),
    ]
    for subject, predicate, object_ in triples:
        store.add(Quad(subject, predicate, object_, DefaultGraph()))
        store.add(Quad(subject, predicate, object_, GRAPH))
    store.add(Quad(iri("a"), iri("p"), iri("elsewhere"), GRAPH))
    return store


STORE = made()
LOOKUP = Lookup(STORE, ROWS)


def looked_up(text: str) -> Found | None:
    return LOOKUP.answer(QueryRequest(text), Choice())


def by_engine(text: str) -> bytes:
    result = STORE.query(text)
    assert isinstance(result, QuerySolutions | QueryBoolean)
    return result.serialize(format=QueryResultsFormat.JSON) or b""


PROLOGUE = f"PREFIX e: <{E}> "
NAMES = ("e:a", "e:b", "e:c", "e:p", "e:C", "e:hub", "e:rim", "e:some", "e:nothing", f"<{E}a>", f"<{E}p>")
spaces = st.sampled_from([" ", "\n", "\t ", " # a remark } \n"])
plain_spaces = st.sampled_from([" ", "\n", "\t "])
subjects = st.sampled_from([*NAMES, "?x", "?y", "$z"])
predicates = st.sampled_from(["e:p", "e:q", "a", "?x", "?v", "?1", f"<{E}p>"])


@st.composite
def queries(draw: st.DrawFn) -> str:
    """Write a query in and around what is looked up."""
    pattern = f"{draw(subjects)} {draw(predicates)}{draw(plain_spaces)}{draw(subjects)}"
    for _ in range(draw(st.integers(0, 3))):
        mark = draw(st.sampled_from([" . ", ".\n", " ; ", ";", ", ", " "]))
        more = [draw(subjects)]
        if "," not in mark:
            more.insert(0, draw(predicates))
        if "." in mark:
            more.insert(0, draw(subjects))
        pattern += mark + " ".join(more)
    pattern += draw(st.sampled_from(["", " ", ".", " .", ";", " # end\n"]))
    form = draw(
        st.sampled_from(
            [
                "ASK",
                "SELECT *",
                "SELECT ?x",
                "select ?x?v",
                "SELECT DISTINCT ?v",
                "SELECT ?no $y",
                "SELECT ?x ?x",
                "SELECT (COUNT(*) AS ?n)",
                "select(count ( ?x )as ?n)",
                "SELECT (COUNT(DISTINCT ?x) AS $n)",
                "SELECT ( # how many\n COUNT(distinct*) AS ?n )",
                "SELECT (COUNT(?x) AS ?v)",
            ]
        )
    )
    where = draw(st.sampled_from(["", "WHERE", "where "]))
    end = draw(st.sampled_from(["", " ", " LIMIT 0", "LIMIT 3", "\nlimit 100 ", " OFFSET 1", " # }", " }"]))
    return f"{PROLOGUE}{draw(spaces)}{form}{draw(spaces)}{where}{{{draw(plain_spaces)}{pattern}}}{end}"


def same(text: str, found: bytes) -> None:
    """Compare with the engine: of solutions, as many of each; any where there is a limit."""
    mine, theirs = json.loads(found), json.loads(by_engine(text))
    assert mine["head"] == theirs["head"]
    if "results" not in mine:
        assert mine == theirs
        return
    ours, engines = (
        sorted(json.dumps(row, sort_keys=True) for row in each["results"]["bindings"])
        for each in (mine, theirs)
    )
    if "limit" not in text.lower():
        assert ours == engines
    assert len(ours) == len(engines)


@settings(max_examples=1500, deadline=None)
@given(queries())
def test_what_is_looked_up_is_what_the_engine_finds(text: str) -> None:
    found = looked_up(text)
    if found is not None:
        same(text, found.data)


@pytest.mark.parametrize(
    "pattern",
    [
        "e:a ?p ?o",
        "e:a e:q ?o",
        "?s ?p e:b",
        "?s e:p e:c",
        "e:a ?p e:b",
        "e:nothing ?p ?o",
        f"<{E}a> <{E}q> ?o",
        "e:c a ?class",
        "e:a e:p ?x ; e:q ?y .",
        "e:a e:p ?x , ?y",
        "e:a e:p ?x . ?x e:q ?y",
        "?s e:p e:b . ?s e:q ?o",
        "e:some e:p ?x . ?x e:q e:rim",
    ],
)
def test_plain_queries_are_looked_up(pattern: str) -> None:
    for form in ("ASK", "SELECT *", "SELECT DISTINCT *"):
        text = f"{PROLOGUE}{form} {{ {pattern} }}"
        found = looked_up(text)
        assert found is not None
        same(text, found.data)
        assert found.rows == len(json.loads(found.data).get("results", {"bindings": []})["bindings"])


@pytest.mark.parametrize(
    ("counted", "pattern"),
    [
        ("*", "?s ?p ?o"),
        ("?p", "?s ?p ?o"),
        ("*", "?s e:p ?o"),
        ("?o", "?s e:q ?o ."),
        ("*", "?s e:none ?o"),
        ("DISTINCT *", "?s e:p ?o"),
        ("*", "?s a e:C"),
        ("DISTINCT ?s", "?s a e:C"),
        ("?s", "?s a e:None"),
        ("*", "?s a ?class"),
        ("*", "e:a e:q ?o"),
        ("?o", "e:a ?p ?o"),
        ("DISTINCT ?p", "e:a ?p ?o"),
        ("DISTINCT ?y", "e:some e:p ?x . ?x e:q ?y"),
        ("DISTINCT *", "e:some e:p ?x . ?x e:q ?y"),
        ("?y", "e:some e:p ?x . ?x e:q ?y"),
        ("*", "e:nothing ?p ?o"),
    ],
)
def test_a_number_is_looked_up_with_the_engines_bytes(counted: str, pattern: str) -> None:
    for text in (
        f"SELECT (COUNT({counted}) AS ?n) {{ {pattern} }}",
        f"SELECT(COUNT({counted})AS $n){{{pattern}}}",
    ):
        found = looked_up(PROLOGUE + text)
        assert found is not None
        assert found.data == by_engine(PROLOGUE + text)
        assert found.rows == 1


@pytest.mark.parametrize("limit", ["", " LIMIT 0", " LIMIT 1"])
def test_whether_a_triple_is_there_is_looked_up(limit: str) -> None:
    for object_ in ("e:b", "e:elsewhere"):
        text = f"{PROLOGUE}ASK {{ e:a e:p {object_} }}{limit}"
        found = looked_up(text)
        assert found is not None
        assert found.data == by_engine(text)
        assert found.rows == 0


@pytest.mark.parametrize("form", ["ASK", "SELECT ?p ?o", "SELECT *"])
def test_one_pattern_has_the_engines_bytes(form: str) -> None:
    text = f"{PROLOGUE}{form} {{ e:a ?p ?o }}"
    found = looked_up(text)
    assert found is not None
    assert found.data == by_engine(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o }",
        PROLOGUE + "SELECT * { ?s a ?class }",
        PROLOGUE + "SELECT * { e:hub e:p ?o }",
        PROLOGUE + "SELECT * { ?s e:q e:rim }",
        PROLOGUE + "ASK { e:hub e:p e:rim }",
        PROLOGUE + "SELECT * { e:a ?p ?o . ?s ?q ?r }",
        PROLOGUE + "SELECT * { e:some e:p ?x . e:some e:p ?y . e:some e:p ?z }",
        PROLOGUE + "SELECT * { ?x e:p ?x }",
        PROLOGUE + "SELECT ?x ?x { e:a e:p ?x }",
        PROLOGUE + "SELECT * { e:a e:p e:b }",
        PROLOGUE + "SELECT * { e:a e:p ?x } ORDER BY ?x",
        PROLOGUE + "SELECT * { e:a e:p ?x } OFFSET 1",
        PROLOGUE + "SELECT * FROM e:graph { e:a e:p ?x }",
        PROLOGUE + "SELECT * { GRAPH e:graph { e:a e:p ?x } }",
        PROLOGUE + "SELECT * { e:a e:p+ ?x }",
        PROLOGUE + "SELECT * { e:a ^e:p ?x }",
        PROLOGUE + "SELECT * { e:a e:p|e:q ?x }",
        PROLOGUE + "SELECT * { e:a e:p _:x }",
        PROLOGUE + "SELECT * { e:a e:p [] }",
        PROLOGUE + 'SELECT * { ?s e:q "plain" }',
        PROLOGUE + "SELECT * { e:a.b e:p ?x }",
        PROLOGUE + "SELECT * { e:a%41 e:p ?x }",
        PROLOGUE + "SELECT * { e:a\\u0041 e:p ?x }",
        PROLOGUE + "SELECT * { e:a e:p ?x SERVICE <http://127.0.0.1/> { ?x ?y ?z } }",
        PROLOGUE + "SELECT * { e:a e:p ?x # }",
        PROLOGUE + "SELECT * { e:a e:p ?x } # \u4e2d",
        PROLOGUE + "SELECT * { }",
        PROLOGUE + "SELECT * { e:a e:p }",
        PROLOGUE + "SELECT * { e:a e:p ?x ; }",
        PROLOGUE + "SELECT * { e:a e:p ?x ?y }",
        PROLOGUE + "SELECT * { e:a e:p ?x } SELECT * { e:a e:p ?x }",
        PROLOGUE + "DESCRIBE e:a",
        PROLOGUE + "CONSTRUCT WHERE { e:a ?p ?o }",
        PROLOGUE + PROLOGUE + "SELECT * { e:a ?p ?o }",
        "SELECT * { e:a ?p ?o }",
        "SELECT * { <a> ?p ?o }",
        "BASE <http://example.org/> SELECT * { <a> ?p ?o }",
        "PREFIX e: <a> SELECT * { <http://example.org/a> ?p ?o }",
        "PREFIX e: <http://exa mple.org/> SELECT * { e:a ?p ?o }",
        PROLOGUE + "SELECT * { <http://[/> ?p ?o }",
        "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }",
        PROLOGUE + "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s e:p ?o }",
        PROLOGUE + "SELECT (COUNT(*) AS ?n) { ?s e:q e:rim }",
        PROLOGUE + "SELECT (COUNT(*) AS ?n) { ?s e:p ?o . ?o e:q ?r }",
        PROLOGUE + "SELECT (COUNT(?x) AS ?n) { ?s e:p ?o }",
        PROLOGUE + "SELECT (COUNT(*) AS ?s) { ?s e:p ?o }",
        PROLOGUE + "SELECT (SUM(?o) AS ?n) { e:a e:q ?o }",
        PROLOGUE + "SELECT ?s (COUNT(*) AS ?n) { ?s e:p ?o } GROUP BY ?s",
        PROLOGUE + "SELECT (COUNT(*) AS ?n) { ?s e:p ?o } GROUP BY ?s",
        PROLOGUE + "SELECT (COUNT(*) AS ?n) (COUNT(*) AS ?m) { ?s e:p ?o }",
        PROLOGUE + "SELECT (COUNT(*)) { ?s e:p ?o }",
        PROLOGUE + "SELECT COUNT(*) { ?s e:p ?o }",
        "",
        "{",
    ],
)
def test_everything_else_is_left_to_the_engine(text: str) -> None:
    assert looked_up(text) is None


def test_other_datasets_formats_and_bindings_are_left_to_the_engine() -> None:
    text = PROLOGUE + "SELECT * { e:a ?p ?o }"
    assert LOOKUP.answer(QueryRequest(text, (E + "graph",)), Choice()) is None
    assert LOOKUP.answer(QueryRequest(text, (), (E + "graph",)), Choice()) is None
    assert LOOKUP.answer(QueryRequest(text, bindings=(("o", iri("b")),)), Choice()) is None
    assert LOOKUP.answer(QueryRequest(text, base=E), Choice()) is None
    for name in ("xml", "csv", "tsv", None):
        assert LOOKUP.answer(QueryRequest(text), Choice(name)) is None


def test_an_answer_of_too_many_rows_is_left_to_the_engine() -> None:
    text = PROLOGUE + "SELECT * { e:a ?p ?o }"
    assert Lookup(STORE, 5).answer(QueryRequest(text), Choice()) is None
    assert Lookup(STORE, 6).answer(QueryRequest(text), Choice()) is not None


def test_a_long_answer_is_compressed_and_one_that_is_too_long_left_to_the_engine() -> None:
    store = Store()
    store.add(Quad(iri("long"), iri("p"), Literal("x" * 2000), DefaultGraph()))
    store.add(Quad(iri("longer"), iri("p"), Literal("x" * 200_000), DefaultGraph()))
    looking = Lookup(store, ROWS)
    found = looking.answer(QueryRequest(PROLOGUE + "SELECT * { e:long ?p ?o }"), Choice(), "gzip")
    assert found is not None
    assert found.encoding == "gzip"
    assert len(found.data) < 500
    assert (
        Lookup(store, ROWS).answer(QueryRequest(PROLOGUE + "SELECT * { e:longer ?p ?o }"), Choice()) is None
    )


class Counting:
    """A store that counts the quads that it gives."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.query = store.query
        self.steps = 0

    def quads_for_pattern(self, *pattern: object) -> object:
        self.steps += 1
        for quad in self._store.quads_for_pattern(*pattern):  # type: ignore[arg-type]
            self.steps += 1
            yield quad


@settings(max_examples=300, deadline=None)
@given(queries())
def test_no_query_looks_at_more_than_some_hundred_quads(text: str) -> None:
    counting = Counting(STORE)
    Lookup(counting, ROWS).answer(QueryRequest(text), Choice())  # type: ignore[arg-type]
    # What is counted is looked up after that, and with what is counted in vain not charged again.
    assert counting.steps <= 2 * lookup.MOST_STEPS + 4 * lookup.LONGEST_LIST


@pytest.mark.parametrize(
    "text",
    [
        "PREFIX " * 250,
        "PREFIX a: <http://e/> " * 90,
        "SELECT " + "?x " * 600,
        "SELECT * { " + "<http://e/a> " * 150,
        "SELECT * { " + "e:a ; " * 300 + "}",
        "#" * 1900,
        "# \n" * 600,
        "SELECT * {" + "<" * 1900,
        " " * 1990,
        "SELECT ?" + "a" * 1900,
        "PREFIX " + "a" * 1900,
        "PREFIX a: <" + "a" * 1900,
    ],
)
def test_a_hostile_text_is_read_in_linear_time(text: str) -> None:
    # Where it were read twice in another way at each place, this would not end.
    assert looked_up(text) is None
