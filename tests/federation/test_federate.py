"""SERVICE answered outside the engine: the answer is that of one dataset, and little is asked for."""

from collections import Counter
from collections.abc import Callable

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QueryBoolean, QueryResultsFormat, QuerySolutions, Store

from aisi_kg.errors import QueryEnded, QueryRejected, ServiceRefused, UpdateRefused
from aisi_kg.store.evaluate import QueryRequest, evaluate
from aisi_kg.store.federation import SKOLEM_BASE, Federation, federate
from aisi_kg.store.services import Call, Reply, ServiceFailed, ServiceLimits, ServiceList

HERE = """
PREFIX e: <http://e/>
INSERT DATA {
  e:a e:item e:Q1 ; e:name "A" ; e:size 3 . e:b e:item e:Q2 ; e:name "B" . e:c e:name "C" . e:d e:item e:Q9 .
  GRAPH e:g { e:a e:of e:Q1 . e:b e:of e:Q1 }
}
"""
THERE = """
PREFIX e: <http://e/>
INSERT DATA {
  e:Q1 e:label "one"@en , "eins"@de ; e:year 1 ; e:part e:Q2 . e:Q2 e:label "two"@en ; e:year 2 .
  e:Q3 e:label "three"@en ; e:year 3 . e:Q1 e:has _:x . _:x e:value 7 .
}
"""
SERVICE = "http://there/sparql"
LIST = ServiceList.parse(f"{SERVICE} http://other/sparql")
PREFIX = "PREFIX e: <http://e/> "


def made(update: str) -> Store:
    store = Store()
    store.update(update)
    return store


class There:
    """Be a service, and keep what it was asked."""

    def __init__(self) -> None:
        self.store = made(THERE)
        self.asked: list[str] = []

    def __call__(self, number: int, query: str) -> Reply:
        assert number == 0
        self.asked.append(query)
        found = self.store.query(query)
        assert isinstance(found, QuerySolutions)
        return Reply("json", found.serialize(format=QueryResultsFormat.JSON) or b"")


@pytest.fixture
def here() -> Store:
    return made(HERE)


@pytest.fixture
def there() -> There:
    return There()


def ask(
    store: Store, text: str, call: Call, limits: ServiceLimits | None = None, **more: object
) -> Counter[tuple[str, ...]]:
    request = QueryRequest(PREFIX + text, **more)  # type: ignore[arg-type]
    federated = federate(store, request, Federation(LIST, limits or ServiceLimits(), call))
    found = evaluate(store, federated)
    assert isinstance(found, QuerySolutions)
    return Counter(tuple("" if term is None else str(term) for term in row) for row in found)


S = f"SERVICE <{SERVICE}>"
# What is asked, with SERVICE in place of @; without it, over both datasets at once, the answer is the same.
SAME = {
    "after": "SELECT ?x ?l { ?x e:item ?i . @ { ?i e:label ?l } }",
    "before": "SELECT ?x ?l { @ { ?i e:label ?l } ?x e:item ?i }",
    "no-dot": "SELECT ?x ?l { ?x e:item ?i @ { ?i e:label ?l } ?x e:name ?n }",
    "optional": "SELECT ?x ?l { ?x e:item ?i OPTIONAL { @ { ?i e:label ?l } } }",
    "optional-within": "SELECT ?x ?i ?l { ?x e:name ?n OPTIONAL { ?x e:item ?i @ { ?i e:label ?l } } }",
    "sometimes-without-value": "SELECT ?x ?i ?y { ?x e:name ?n OPTIONAL { ?x e:item ?i } @ { ?i e:year ?y } "
    "}",
    "union": "SELECT ?x ?l { { ?x e:item ?i @ { ?i e:label ?l } } UNION { ?x e:size ?l } }",
    "union-behind": "SELECT ?x ?l { ?x e:item ?i { ?x e:size ?l } UNION { @ { ?i e:label ?l } } }",
    "minus": "SELECT ?x { ?x e:item ?i MINUS { @ { ?i e:label ?l } } }",
    "minus-nothing-in-common": "SELECT ?x { ?x e:item ?i MINUS { @ { ?z e:label ?l } } }",
    "filter-before": "SELECT ?x ?y { ?x e:item ?i FILTER(?y > 1) @ { ?i e:year ?y } }",
    "filter-exists-before": "SELECT ?x ?y { ?x e:item ?i FILTER NOT EXISTS { ?x e:size ?y } @ { ?i e:year ?y "
    "} }",
    "filter-inside": "SELECT ?x ?y { ?x e:item ?i @ { ?i e:year ?y FILTER(?y > 1) } }",
    "exists": "SELECT ?x { ?x e:item ?i FILTER EXISTS { @ { ?i e:year ?y } } }",
    "not-exists": "SELECT ?x { ?x e:item ?i FILTER(!EXISTS { @ { ?i e:year ?y } }) }",
    "two": "SELECT ?x ?l ?y { ?x e:item ?i @ { ?i e:label ?l } @ { ?i e:year ?y } }",
    "one-from-the-other": "SELECT ?x ?l { ?x e:item ?i @ { ?i e:part ?p } @ { ?p e:label ?l } }",
    "aggregate": "SELECT ?x (COUNT(?l) AS ?n) { ?x e:item ?i @ { ?i e:label ?l } } GROUP BY ?x",
    "sub-select": "SELECT ?x ?m { ?x e:item ?i { SELECT ?i (MAX(?y) AS ?m) { @ { ?i e:year ?y } } "
    "GROUP BY ?i } }",
    "sub-select-joins": "SELECT ?x ?m { ?x e:name ?n { SELECT ?x (MAX(?y) AS ?m) "
    "{ ?x e:item ?i @ { ?i e:year ?y } } GROUP BY ?x } }",
    "sub-select-there": "SELECT ?x ?n { ?x e:item ?i @ { SELECT ?i (COUNT(?l) AS ?n) { ?i e:label ?l } "
    "GROUP BY ?i } }",
    "other-scope": "SELECT ?x ?n { ?x e:item ?i @ { SELECT (COUNT(?i) AS ?n) { ?i e:label ?l } } }",
    "graph": "SELECT ?x ?l { GRAPH ?g { ?x e:of ?i } @ { ?i e:label ?l } }",
    "bind": "SELECT ?x ?l { ?x e:item ?j BIND(?j AS ?i) @ { ?i e:label ?l } }",
    "values": "SELECT ?x ?l { VALUES ?x { e:a e:b } ?x e:item ?i @ { ?i e:label ?l } }",
    "values-behind": "SELECT ?x ?l { ?x e:item ?i @ { ?i e:label ?l } } VALUES ?x { e:b }",
    "two-variables": "SELECT ?x ?y { ?x e:item ?i ; e:size ?s @ { ?i e:year ?y . FILTER(?s > ?y || true) } }",
    "nothing-in-common": "SELECT ?x ?l { ?x e:size ?s @ { ?i e:label ?l } }",
    "nothing-here": "SELECT ?x ?l { ?x e:none ?i @ { ?i e:label ?l } }",
    "nothing-there": "SELECT ?x ?l { ?x e:item ?i @ { ?i e:none ?l } }",
    "no-variables": "SELECT ?x { ?x e:size ?s @ { e:Q1 e:year 1 } }",
    "no-variables-no": "SELECT ?x { ?x e:size ?s @ { e:Q1 e:year 2 } }",
    "optional-there": "SELECT ?x ?l ?p { ?x e:item ?i @ { ?i e:label ?l OPTIONAL { ?i e:part ?p } } }",
    "comments": "SELECT ?x ?l { ?x e:item ?i # @ { }\n @ { ?i e:label ?l # }\n } }",
    "strings": "SELECT ?x ?l { ?x e:item ?i BIND('} @ {' AS ?t) @ { ?i e:label ?l FILTER(?l != '}') } }",
    "lower-case": "select ?x ?l where { ?x e:item ?i . @ { ?i e:label ?l } } order by ?x",
}


@pytest.mark.parametrize("text", SAME.values(), ids=SAME.keys())
def test_the_answer_is_that_of_one_dataset(here: Store, there: There, text: str) -> None:
    together = made(HERE)
    together.update(THERE)
    expected = together.query(PREFIX + text.replace("@", ""))
    assert isinstance(expected, QuerySolutions)
    rows = Counter(tuple("" if term is None else str(term) for term in row) for row in expected)
    assert ask(here, text.replace("@", S), there) == rows


def test_few_of_these_answers_are_empty() -> None:
    together = made(HERE)
    together.update(THERE)
    empty = {
        name
        for name, text in SAME.items()
        if not list(together.query(PREFIX + text.replace("@", "")))  # type: ignore[arg-type]
    }
    assert empty == {"nothing-here", "nothing-there", "no-variables-no"}


SENT = {
    "after": ("(?i)", {"<http://e/Q1>", "<http://e/Q2>", "<http://e/Q9>"}),
    "optional": ("(?i)", {"<http://e/Q1>", "<http://e/Q2>", "<http://e/Q9>"}),
    "union-behind": ("(?i)", {"<http://e/Q1>", "<http://e/Q2>", "<http://e/Q9>"}),
    "graph": ("(?i)", {"<http://e/Q1>"}),
    "sub-select-joins": ("(?i)", {"<http://e/Q1>", "<http://e/Q2>", "<http://e/Q9>"}),
    "values": ("(?i)", {"<http://e/Q1>", "<http://e/Q2>"}),
}


@pytest.mark.parametrize("name", SENT)
def test_the_values_that_are_known_are_sent_along(here: Store, there: There, name: str) -> None:
    ask(here, SAME[name].replace("@", S), there)
    (query,) = there.asked
    names, values = SENT[name]
    assert f"VALUES {names}" in query
    assert {
        value
        for value in ("<http://e/Q1>", "<http://e/Q2>", "<http://e/Q3>", "<http://e/Q9>")
        if value in query
    } == (values)


@pytest.mark.parametrize(
    "name", ["before", "minus", "sometimes-without-value", "exists", "sub-select", "nothing-in-common"]
)
def test_what_is_not_known_is_not_sent(here: Store, there: There, name: str) -> None:
    ask(here, SAME[name].replace("@", S), there)
    assert "VALUES" not in there.asked[0]


def test_the_second_clause_is_sent_what_the_first_gave(here: Store, there: There) -> None:
    ask(here, SAME["one-from-the-other"].replace("@", S), there)
    assert "VALUES (?p) { (<http://e/Q2>) }" in there.asked[1]


def test_a_service_is_not_asked_for_nothing(here: Store, there: There) -> None:
    assert ask(here, SAME["nothing-here"].replace("@", S), there) == Counter()
    assert there.asked == []


def test_many_values_are_sent_in_parts(there: There) -> None:
    store = Store()
    store.extend(
        Quad(NamedNode(f"http://e/s{n}"), NamedNode("http://e/item"), NamedNode(f"http://e/Q{n}"))
        for n in range(450)
    )
    text = SAME["after"].replace("@", S)
    assert len(ask(store, text, there)) == 4
    assert len(there.asked) == 3
    with pytest.raises(QueryEnded, match=r"450 combinations of \?i .* 2 calls with 200 each") as caught:
        ask(store, text, there, ServiceLimits(calls=2))
    assert caught.value.code == "too-many-service-calls"
    assert not isinstance(caught.value, ServiceFailed)


def test_a_blank_node_has_a_name_of_its_own(here: Store, there: There) -> None:
    rows = ask(here, f"SELECT ?b {{ {S} {{ ?i e:has ?b }} {S} {{ ?b e:value 7 }} }}", there)
    # The second clause's blank node is another one, as it is another answer's.
    assert rows == Counter()
    ((value,),) = ask(here, f"SELECT ?b {{ {S} {{ ?i e:has ?b }} }}", there)
    assert value.startswith(f"<{SKOLEM_BASE}")


def test_everything_that_a_service_gives_is_in_a_select_of_everything(here: Store, there: There) -> None:
    request = QueryRequest(PREFIX + f"SELECT * {{ ?x e:none ?i {S} {{ ?i e:label ?l }} }}")
    found = evaluate(here, federate(here, request, Federation(LIST, ServiceLimits(), there)))
    assert isinstance(found, QuerySolutions)
    assert {variable.value for variable in found.variables} == {"x", "i", "l"}


def test_prefixes_and_base_of_the_request_are_sent(here: Store, there: There) -> None:
    text = f"SELECT ?l {{ <a> e:item ?i {S} {{ ?i f:label ?l . <Q1> f:year ?y }} }}"
    rows = ask(here, text, there, base="http://e/", prefixes=(("f", "http://e/"), ("unused", "http://u/")))
    assert len(rows) == 2
    assert "unused" not in there.asked[0]


def test_the_dataset_of_the_query_is_what_values_come_from(here: Store, there: There) -> None:
    text = f"SELECT ?x ?l FROM e:g {{ ?x e:of ?i {S} {{ ?i e:label ?l }} }}"
    assert len(ask(here, text, there)) == 4
    assert "VALUES (?i) { (<http://e/Q1>) }" in there.asked[0]
    given = f"SELECT ?x ?l {{ ?x e:of ?i {S} {{ ?i e:label ?l }} }}"
    assert len(ask(here, given, there, default_graphs=("http://e/g",))) == 4


def test_a_bound_variable_is_sent(here: Store, there: There) -> None:
    text = SAME["after"].replace("@", S)
    rows = ask(here, text, there, bindings=(("x", NamedNode("http://e/b")),))
    assert rows == Counter([("<http://e/b>", '"two"@en')])
    assert "<http://e/Q1>" not in there.asked[0]
    text = f"SELECT ?x ?i ?y {{ ?x e:item ?i {S} {{ ?i e:year ?y }} }}"
    rows = ask(here, text, there, bindings=(("y", Literal(2)),))
    assert list(rows) == [("<http://e/b>", "<http://e/Q2>", str(Literal(2)))]
    assert "VALUES (?i ?y)" in there.asked[1]


def test_ask_construct_and_describe_have_services_too(here: Store, there: There) -> None:
    federation = Federation(LIST, ServiceLimits(), there)

    def asked(text: str) -> object:
        return evaluate(here, federate(here, QueryRequest(PREFIX + text), federation))

    truth = asked(f"ASK {{ ?x e:item ?i {S} {{ ?i e:year 2 }} }}")
    assert isinstance(truth, QueryBoolean)
    assert bool(truth)
    triples = asked(f"CONSTRUCT {{ ?x e:label ?l }} WHERE {{ ?x e:item ?i {S} {{ ?i e:label ?l }} }}")
    assert len(list(triples)) == 3  # type: ignore[call-overload]
    described = asked(f"DESCRIBE ?x {{ ?x e:item ?i {S} {{ ?i e:year 2 }} }}")
    assert {str(triple.subject) for triple in described} == {"<http://e/b>"}  # type: ignore[attr-defined]


def fails(status: str) -> Callable[[int, str], Reply]:
    return lambda *_: Reply(status, b"it is away")  # type: ignore[arg-type]


@pytest.mark.parametrize("status", ["failed", "timeout"])
def test_a_failure_is_told_or_passed_over(here: Store, status: str) -> None:
    text = SAME["after"].replace("@", S)
    with pytest.raises(
        ServiceFailed, match=rf"The service <{SERVICE}> gave no answer: it is away\."
    ) as caught:
        ask(here, text, fails(status))
    assert caught.value.code == f"service-{status}"
    rows = ask(here, SAME["after"].replace("@", f"SERVICE SILENT <{SERVICE}>"), fails(status))
    assert rows == Counter({("<http://e/a>", ""): 1, ("<http://e/b>", ""): 1, ("<http://e/d>", ""): 1})


def test_a_call_too_many_is_not_passed_over(here: Store) -> None:
    with pytest.raises(QueryEnded) as caught:
        ask(here, SAME["after"].replace("@", f"SERVICE SILENT <{SERVICE}>"), fails("refused"))
    assert caught.value.code == "too-many-service-calls"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"head": {}, "boolean": true}',
        b'{"head": {"vars": ["i"]}, "results": {"bindings": [{"i": {"type": "uri", "value": "a> } <b"}}]}}',
        b'{"head": {"vars": ["i } x"]}, "results": {"bindings": []}}',
        b'{"head": {"vars": ["i"]}, "results": {"bindings": [{"i": {"type": "literal", "value": "a"',
    ],
)
def test_an_answer_that_is_none_is_a_failure(here: Store, content: bytes) -> None:
    with pytest.raises(ServiceFailed, match="cannot be read as solutions"):
        ask(here, SAME["after"].replace("@", S), lambda *_: Reply("json", content))


def test_what_a_service_says_is_a_term_and_no_text(here: Store) -> None:
    hostile = (
        b'{"head": {"vars": ["i", "l", "more"]}, "results": {"bindings": ['
        b'{"i": {"type": "uri", "value": "http://e/Q1"},'
        b'"l": {"type": "literal", '
        b'"value": "\\" } SERVICE <http://evil/> { ?s ?p ?o } \\u0053ERVICE \\n \'"},'
        b'"more": {"type": "literal", "value": "was not asked for"}}]}}'
    )
    rows = ask(here, SAME["after"].replace("@", S), lambda *_: Reply("json", hostile))
    ((subject, label),) = rows
    assert subject == "<http://e/a>"
    assert "SERVICE <http://evil/>" in label


REFUSED = {
    "not-listed": ("SELECT * {{ SERVICE <http://evil/> {{ ?s ?p ?o }} }}", "does not list"),
    "silent": ("SELECT * {{ SERVICE SILENT <http://evil/> {{ ?s ?p ?o }} }}", "does not list"),
    "second": ("SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} SERVICE <http://evil/> {{ }} }}", "does not list"),
    "almost": ("SELECT * {{ SERVICE <{0}/> {{ ?s ?p ?o }} }}", "does not list"),
    "other-case": ("SELECT * {{ SERVICE <http://THERE/sparql> {{ }} }}", "does not list"),
    "variable": ("SELECT * {{ VALUES ?v {{ <{0}> }} SERVICE ?v {{ ?s ?p ?o }} }}", "could call any address"),
    "nested": (
        "SELECT * {{ SERVICE <{0}> {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }}",
        "not asked to call another",
    ),
    "nested-other": (
        "SELECT * {{ SERVICE <{0}> {{ SERVICE <http://evil/> {{ }} }} }}",
        "not asked to call another",
    ),
    "escaped": ("SELECT * {{ SERVICE <{0}> {{ }} \\u0053ERVICE <http://evil/> {{ }} }}", "list|read"),
    "two-readings": ("SELECT * {{ FILTER(1<'>')SERVICE<{0}>{{}}FILTER(1='') }}", "can be read as"),
    "empty-prefix": (
        "PREFIX : <http://e/> PREFIX s: <http://e/> SELECT * {{ SERVICE <{0}> {{ }} SERVICE :x {{ }} }}",
        "list",
    ),
}


@pytest.mark.parametrize(("text", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_nothing_else_is_called(here: Store, text: str, words: str) -> None:
    def call(number: int, query: str) -> Reply:
        raise AssertionError("nothing may be called")

    with pytest.raises((ServiceRefused, QueryRejected), match=words):
        ask(here, text.format(SERVICE), call)


def test_the_refusal_names_the_setting_and_the_place(here: Store, there: There) -> None:
    with pytest.raises(ServiceRefused, match="AISI_KG_SERVICES") as caught:
        federate(
            here,
            QueryRequest("SELECT *\n{ SERVICE <http://e/> {} }"),
            Federation(LIST, ServiceLimits(), there),
        )
    assert (caught.value.line, caught.value.column) == (2, 3)
    with pytest.raises(ServiceRefused, match="AISI_KG_SERVICES"):
        evaluate(here, QueryRequest("SELECT * { SERVICE <http://e/> {} }"))


def test_a_name_with_a_prefix_is_the_service_that_it_means(here: Store, there: There) -> None:
    rows = ask(
        here, "SELECT ?l { SERVICE t:sparql { e:Q2 e:label ?l } }", there, prefixes=(("t", "http://there/"),)
    )
    assert list(rows) == [('"two"@en',)]


def test_what_is_no_query_is_told_before_anything_is_called(here: Store, there: There) -> None:
    with pytest.raises(QueryRejected, match="Line 1, column") as caught:
        ask(here, f"SELECT * {{ {S} {{ ?i e:label }} }}", there)
    assert not isinstance(caught.value, ServiceRefused)
    with pytest.raises(UpdateRefused):
        ask(here, f"INSERT {{ ?s ?p ?o }} WHERE {{ {S} {{ ?s ?p ?o }} }}", there)
    assert there.asked == []


def test_the_word_in_a_string_is_no_call(here: Store, there: There) -> None:
    assert len(ask(here, "SELECT * { ?x e:name 'A' BIND('SERVICE <http://e/> {}' AS ?t) }", there)) == 1
    assert there.asked == []
