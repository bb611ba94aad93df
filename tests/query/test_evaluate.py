"""Evaluation of a request: what is refused and where, and what the default graph is."""

import pickle
from collections.abc import Iterable

import pytest
from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from aisi_kg.errors import QueryRejected, ServiceRefused, UpdateRefused
from aisi_kg.store.describing import Description
from aisi_kg.store.evaluate import QueryRequest, evaluate

BASE = "https://w3id.org/aisi-kg/"
ONE, TWO, THREE = (f"{BASE}claim/concordia-2024/{name}" for name in ("one", "two", "three"))
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def value(store: Store, request: QueryRequest) -> int:
    result = evaluate(store, request)
    assert isinstance(result, QuerySolutions)
    term = next(iter(result))[0]
    assert isinstance(term, Literal)
    return int(term.value)


def test_each_form_has_its_kind_of_answer(store: Store) -> None:
    assert isinstance(evaluate(store, QueryRequest("SELECT * { ?s ?p ?o }")), QuerySolutions)
    assert isinstance(evaluate(store, QueryRequest("ASK { ?s ?p ?o }")), QueryBoolean)
    assert isinstance(evaluate(store, QueryRequest("CONSTRUCT WHERE { ?s ?p ?o }")), QueryTriples)
    assert isinstance(evaluate(store, QueryRequest(f"DESCRIBE <{ONE}>")), Description)


def test_a_request_is_plain_data() -> None:
    request = QueryRequest("ASK {}", ("http://e/a",), ("http://e/b",), "http://e/", (("e", "http://e/"),))
    assert pickle.loads(pickle.dumps(request)) == request


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("SELECT * WHERE { ?s ?p }", (1, 24), 'found "}", expected an object'),
        (
            "SELECT *\nWHERE {\n  ?s aisi:p ?o }",
            (3, 6),
            "the prefix aisi: is not declared; add PREFIX",
        ),
        ("SELECT ?x { ?x ?p ?o ", (1, 11), "the bracket { is never closed with }"),
        ("SELECT ?x { ?x ?p ?o }}", (1, 23), 'found "}", expected'),
        ("SELECT ?x WHER { ?x ?p ?o }", (1, 11), 'found "WHER", expected a variable'),
        ("SELECT ?x, ?y { ?x ?p ?y }", (1, 10), 'found ","'),
        ("SELECT * { ?s ?p 'abc }", (1, 18), "a string begins here that does not end"),
        ("SELECT * { ?s ?p 'a\\qc' }", (1, 18), "an escape that SPARQL does not have"),
        ("SELECT * { ?s <p> ?o }", (1, 15), "the IRI <p> is relative"),
        ("SELECT COUNT(*) {}", (1, 8), 'found "COUNT"'),
        ("SELECT * { ?s ?p ?o } LIMIT x", (1, 29), "expected a whole number"),
        ("SELECT * { ?s ?p ?o FILTER(STRR(?o)) }", (1, 28), "expected an expression"),
        ("SELECT * { 研究所 ?p ?o }", (1, 12), 'found "研究所", expected'),
        ("", (1, 1), "the query ends too early; expected"),
        ("SELECT * { ?s ?p ?o } ORDER", (1, 28), "expected BY"),
        ("SELECT * {\r\n?s ?p ?o\r\n} LIMIT", (3, 8), "ends too early"),
        ("ASK { ?s ?p '\ud800' }", (1, 14), "surrogate"),
        ("ASK " + "(" * 300, (1, 205), "nested too deeply"),
    ],
)
def test_a_fault_is_named_with_its_place(store: Store, text: str, place: tuple[int, int], words: str) -> None:
    with pytest.raises(QueryRejected) as caught:
        evaluate(store, QueryRequest(text))
    assert (caught.value.line, caught.value.column) == place
    assert str(caught.value).startswith(f"Line {place[0]}, column {place[1]}: ")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("SELECT ?x ?x { ?a ?p ?x }", "Duplicated variable name in SELECT"),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", "SELECT * is not authorized with GROUP BY"),
        ("SELECT ?o { ?s ?p ?o } GROUP BY ?s", "The SELECT contains a variable that is unbound"),
        ("SELECT * { VALUES (?a ?b) { (1) } }", "all rows of VALUES"),
        ("SELECT * { BIND(1 AS ?x) BIND(2 AS ?x) }", "no variable is assigned twice"),
        ("SELECT (<http://e/f>(1) AS ?x) {}", "The custom function <http://e/f> is not supported"),
    ],
)
def test_a_fault_of_meaning_is_named(store: Store, text: str, words: str) -> None:
    with pytest.raises(QueryRejected, match=r"\.\Z") as caught:
        list(iterated(store, text))
    assert words in str(caught.value)
    assert "expected one of" not in str(caught.value)


def iterated(store: Store, text: str) -> Iterable[object]:
    result = evaluate(store, QueryRequest(text))
    assert isinstance(result, QuerySolutions)
    return result


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <http://e/a> <http://e/b> 1 }",
        "PREFIX e: <http://e/> delete where { ?s e:p ?o }",
        "LOAD <http://127.0.0.1/>",
        "CLEAR ALL",
        "DROP GRAPH <http://e/>",
        "WITH <http://e/> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_updates_are_refused_as_such(store: Store, text: str) -> None:
    before = len(store)
    with pytest.raises(UpdateRefused, match="read-only") as caught:
        evaluate(store, QueryRequest(text))
    assert caught.value.line == 1
    assert len(store) == before


def test_calling_another_endpoint_is_refused(store: Store) -> None:
    with pytest.raises(ServiceRefused, match="Line 2, column 3: SERVICE would call another endpoint"):
        evaluate(store, QueryRequest("SELECT * {\n  SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"))
    with pytest.raises(ServiceRefused, match="can be read as calling SERVICE"):
        evaluate(store, QueryRequest("SELECT * { FILTER(1<'>')SERVICE<http://127.0.0.1:1/>{}FILTER(1='') }"))


def test_prefixes_of_the_request_need_no_declaration(store: Store) -> None:
    prefixes = (("aisi", BASE + "ontology#"),)
    assert evaluate(store, QueryRequest("ASK { ?c a aisi:Claim }", prefixes=prefixes))
    # What the query declares counts.
    text = "PREFIX aisi: <http://e/> ASK { ?c a aisi:Claim }"
    assert not evaluate(store, QueryRequest(text, prefixes=prefixes))


def test_relative_iris_are_resolved_against_the_base(store: Store) -> None:
    text = "ASK { <claim/concordia-2024/one> ?p ?o }"
    assert evaluate(store, QueryRequest(text, base=BASE))


def test_the_default_graph_is_the_merge(store: Store) -> None:
    # Two claims state it; it is one triple.
    host = f"SELECT (COUNT(*) AS ?n) {{ <{BASE}entity/ruritania-aisi> <{BASE}ontology#hasHost> ?h }}"
    assert value(store, QueryRequest(host)) == 1
    assert value(store, QueryRequest(host.replace("{ <", "{ GRAPH ?g { <") + "}")) == 2


@pytest.mark.parametrize(
    ("default", "named", "triples", "graphs"),
    [
        ((ONE,), (), 1, 0),
        ((ONE, TWO), (), 2, 0),
        ((ONE, ONE), (), 1, 0),
        ((ONE, TWO, THREE), (), 3, 0),
        ((), (ONE, TWO), 0, 2),
        ((ONE,), (TWO, THREE), 1, 2),
        ((ONE, TWO), (THREE,), 2, 1),
        ((BASE + "no-graph",), (), 0, 0),
    ],
)
def test_the_dataset_of_a_request_or_of_a_query_is_the_merge_of_its_graphs(
    store: Store, default: tuple[str, ...], named: tuple[str, ...], triples: int, graphs: int
) -> None:
    count_graphs = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert value(store, QueryRequest(COUNT, default, named)) == triples
    assert value(store, QueryRequest(count_graphs, default, named)) == graphs
    clauses = "".join(f" FROM <{iri}>" for iri in default) + "".join(f" FROM NAMED <{iri}>" for iri in named)
    assert value(store, QueryRequest(COUNT.replace(" {", clauses + " {"))) == triples
    assert value(store, QueryRequest(count_graphs.replace(" {", clauses + " {", 1))) == graphs


def test_the_dataset_of_the_request_overrides_that_of_the_query(store: Store) -> None:
    text = COUNT.replace(" {", f" FROM <{ONE}> FROM <{TWO}> FROM NAMED <{THREE}> {{")
    assert value(store, QueryRequest(text, default_graphs=(THREE,))) == 1
    assert value(store, QueryRequest(text, named_graphs=(THREE,))) == 0


def test_graphs_of_a_query_may_be_named_by_prefix_or_base(store: Store) -> None:
    text = f"BASE <{BASE}claim/> PREFIX c: <{BASE}claim/concordia-2024/> {COUNT}"
    text = text.replace(" {", " FROM c:one FROM <concordia-2024/two> {")
    assert value(store, QueryRequest(text)) == 2


def test_graphs_of_a_construct_come_behind_its_template(store: Store) -> None:
    result = evaluate(
        store, QueryRequest(f"CONSTRUCT {{ ?s ?p ?o }} FROM <{ONE}> FROM <{TWO}> WHERE {{ ?s ?p ?o }}")
    )
    assert isinstance(result, QueryTriples)
    assert len(list(result)) == 2


def test_from_in_other_places_names_no_graph(store: Store) -> None:
    text = (
        f"SELECT ?from (COUNT(*) AS ?n) {{ # FROM <{ONE}> FROM <{TWO}>\n ?s ?p ?from FILTER('FROM' != '') }}"
    )
    assert isinstance(evaluate(store, QueryRequest(text + " GROUP BY ?from")), QuerySolutions)


def test_a_graph_must_be_an_iri(store: Store) -> None:
    with pytest.raises(QueryRejected, match="<one> is not an absolute IRI"):
        evaluate(store, QueryRequest("ASK {}", default_graphs=("one",)))


def test_the_merge_outlives_the_call(store: Store) -> None:
    result = evaluate(store, QueryRequest("SELECT ?s { ?s ?p ?o } ORDER BY ?s", default_graphs=(ONE, THREE)))
    assert isinstance(result, QuerySolutions)
    assert [solution["s"] for solution in result] == [
        NamedNode(BASE + "entity/ruritania-aisi"),
        NamedNode(BASE + "entity/syldavia-aisi"),
    ]
