"""The stored queries over HTTP: lists, answers in each format, parameters, and values that mean no good."""

import csv
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import httpx
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.results import Choice
from aisi_kg.web.cache import AnswerKey
from aisi_kg.web.sparql import answer_digest

Ask = Callable[..., httpx.Response]

BASE = "https://w3id.org/aisi-kg/"
RURITANIA = BASE + "entity/ruritania-aisi"
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
SELECTS = ["by-basis", "founded", "money", "said-of", "sized", "statements", "totals", "without-money"]
EVERYTHING = sorted([*SELECTS, "any-founded", "elsewhere", "facts", "ruritania"])


def bindings(response: httpx.Response) -> list[dict[str, str]]:
    assert response.status_code == 200, response.text[:500]
    rows = response.json()["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in rows]


def is_invalid(response: httpx.Response, parameter: str) -> dict[str, Any]:
    assert response.status_code == 422, response.text[:500]
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert (problem["code"], problem["status"], problem["parameter"]) == (
        "invalid-parameter",
        422,
        parameter,
    )
    assert problem["detail"].endswith(".")
    return problem


# The list.


def listed(response: httpx.Response) -> list[str]:
    assert response.status_code == 200
    return [query["id"] for query in response.json()["queries"]]


def test_all_queries_are_listed(library_ask: Ask) -> None:
    response = library_ask("GET", "/queries", "application/json")
    assert listed(response) == EVERYTHING
    assert response.headers["content-type"] == "application/json"
    assert response.headers["content-location"] == "/queries.json"
    assert response.json()["tags"]["money"] == 4
    assert listed(library_ask("GET", "/queries")) == listed(library_ask("GET", "/queries.json")) == EVERYTHING


def test_a_listed_query_says_all_that_is_needed_to_ask_it(library_ask: Ask) -> None:
    queries = {query["id"]: query for query in library_ask("GET", "/queries.json").json()["queries"]}
    money = queries["money"]
    assert money["iri"] == BASE + "queries/money"
    assert money["path"] == "/queries/money"
    assert money["title"] == {"en": "What money does an institute have", "zh": "某研究所有多少资金"}
    [institute] = money["parameters"]
    assert institute == {
        "name": "institute",
        "type": "iri",
        "label": {"en": "Institute", "zh": "研究所"},
        "class": BASE + "ontology#SafetyInstitute",
        "default": "entity:ruritania-aisi",
        "optional": False,
        "allowed": ["entity:borduria-aisi", "entity:ruritania-aisi", "entity:syldavia-aisi"],
    }
    assert money["columns"][0] == {"name": "institute", "type": "iri"}
    for query in queries.values():
        for parameter in query["parameters"]:
            for value in parameter.get("allowed", []):
                assert library_ask("GET", query["path"], params={parameter["name"]: value}).status_code == 200


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"q": "money"}, ["money", "sized", "totals", "without-money"]),
        ({"q": "资金"}, ["money", "sized", "totals", "without-money"]),
        ({"tag": "negative"}, ["without-money"]),
        ({"q": "institute", "tag": "time"}, ["any-founded", "founded"]),
        ({"q": "nothing of the kind"}, []),
        ({"q": "", "tag": ""}, EVERYTHING),
        ({"lang": "zh"}, EVERYTHING),
    ],
)
def test_queries_are_searched(library_ask: Ask, parameters: dict[str, str], found: list[str]) -> None:
    assert listed(library_ask("GET", "/queries.json", params=parameters)) == found
    page = library_ask("GET", "/queries.html", params=parameters).text
    assert [id_ for id_ in EVERYTHING if f'href="/queries/{id_}?' in page] == found


def test_what_the_list_cannot_be_asked_is_refused(library_ask: Ask) -> None:
    problem = is_invalid(library_ask("GET", "/queries", params={"query": "x"}), "query")
    assert problem["allowed"] == ["q", "tag", "lang"]
    assert library_ask("GET", "/queries.csv").status_code == 404
    assert library_ask("GET", "/queries", "text/csv").status_code == 406
    assert library_ask("POST", "/queries").status_code == 405


# The answers.


def test_each_format_has_the_same_rows(library_ask: Ask) -> None:
    path, parameters = "/queries/founded", {"since": "2024-01-01"}
    rows = bindings(library_ask("GET", path + ".json", params=parameters))
    assert [row["date"] for row in rows] == ["2024-02-14", "2024-11-21"]
    names = list(rows[0])
    text = library_ask("GET", path + ".csv", params=parameters).text
    assert list(csv.DictReader(io.StringIO(text))) == rows
    lines = library_ask("GET", path + ".tsv", params=parameters).text.splitlines()
    assert lines[0].split("\t") == [f"?{name}" for name in names]
    assert len(lines) == 3
    root = ET.fromstring(library_ask("GET", path + ".xml", params=parameters).content)
    space = "{http://www.w3.org/2005/sparql-results#}"
    found = [[next(iter(b)).text for b in result] for result in root.iter(space + "result")]
    assert found == [list(row.values()) for row in rows]


@pytest.mark.parametrize(
    ("extension", "media_type"),
    [
        ("json", "application/sparql-results+json"),
        ("csv", "text/csv; charset=utf-8"),
        ("tsv", "text/tab-separated-values; charset=utf-8"),
        ("xml", "application/sparql-results+xml"),
        ("md", "text/markdown; charset=utf-8"),
        ("rq", "application/sparql-query; charset=utf-8"),
        ("html", "text/html; charset=utf-8"),
        ("ttl", "text/turtle; charset=utf-8"),
        ("nt", "application/n-triples"),
        ("rdf", "application/rdf+xml"),
        ("jsonld", "application/ld+json"),
        ("trig", "application/trig"),
        ("nq", "application/n-quads"),
    ],
)
def test_a_format_is_chosen_by_ending_or_accept(library_ask: Ask, extension: str, media_type: str) -> None:
    named = library_ask("GET", f"/queries/money.{extension}")
    chosen = library_ask("GET", "/queries/money", media_type.partition(";")[0])
    for response in (named, chosen):
        assert response.status_code == 200
        assert response.headers["content-type"] == media_type
        assert response.headers["vary"] == "Accept, Accept-Language, Accept-Encoding"
        assert response.headers["cache-control"] == "public, max-age=600"
        assert response.content
    if extension not in ("nt", "rdf", "nq", "trig", "jsonld", "ttl"):
        assert named.content == chosen.content
    assert chosen.headers["content-location"] == f"/queries/money.{extension}"
    assert named.headers["etag"]
    assert f'</queries/money.{extension}>; rel="alternate"' in named.headers["link"]
    assert f'<{BASE}queries/money>; rel="canonical"' in named.headers["link"]
    again = library_ask(
        "GET", f"/queries/money.{extension}", headers={"if-none-match": named.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["vary"] == named.headers["vary"]


@pytest.mark.parametrize(
    "path", ["/queries", "/queries/money.csv", "/openapi.json", "/entity/ruritania-aisi.ttl"]
)
def test_who_has_it_is_told_on_what_it_depends(make_library_ask: Callable[..., Ask], path: str) -> None:
    first = make_library_ask()("GET", path)
    assert first.status_code == 200
    # Of a server that has not made it yet, and of one that keeps it.
    ask = make_library_ask()
    for _ in range(2):
        again = ask("GET", path, headers={"if-none-match": first.headers["etag"]})
        assert again.status_code == 304
        for name in ("vary", "etag", "cache-control"):
            assert again.headers[name] == first.headers[name]
        ask("GET", path)


def test_a_client_that_takes_anything_gets_the_answer_as_json(library_ask: Ask) -> None:
    for accept in (None, "*/*", "application/json"):
        response = library_ask("GET", "/queries/money", accept)
        assert response.headers["content-type"] == "application/sparql-results+json"
        assert [row["amount"] for row in bindings(response)] == ["20", "100"]


def test_head_tells_what_get_would(library_ask: Ask) -> None:
    for path in ("/queries", "/queries/money.csv", "/queries/money"):
        get, head = library_ask("GET", path), library_ask("HEAD", path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-length"] == get.headers["content-length"]


def test_what_nothing_can_be_written_in_is_refused(library_ask: Ask) -> None:
    response = library_ask("GET", "/queries/money", "image/png")
    assert response.status_code == 406
    assert "text/csv" in response.json()["offered"]
    response = library_ask("GET", "/queries/money.png")
    assert response.status_code == 404
    assert "csv" in response.json()["detail"]


def test_the_text_is_the_query(library_ask: Ask) -> None:
    text = library_ask("GET", "/queries/money.rq").text
    assert text.startswith("PREFIX aisi:")
    assert "#+" not in text
    rows = library_ask("GET", "/sparql", params={"query": text}).json()["results"]["bindings"]
    # As it stands it is not restricted to the default.
    assert len(rows) == 3


def test_the_description_is_rdf(library_ask: Ask) -> None:
    graph = rdflib.Graph().parse(data=library_ask("GET", "/queries/money.ttl").text, format="turtle")
    node = rdflib.URIRef(BASE + "queries/money")
    assert (node, rdflib.RDF.type, SH.SPARQLSelectExecutable) in graph
    assert (rdflib.URIRef(f"{node}#parameter-institute"), SH.defaultValue, rdflib.URIRef(RURITANIA)) in graph


def test_an_ask_and_a_construct_are_answered_too(library_ask: Ask) -> None:
    assert library_ask("GET", "/queries/any-founded.json").json()["boolean"] is True
    response = library_ask("GET", "/queries/any-founded.json", params={"day": "2000-01-01"})
    assert response.json()["boolean"] is False
    assert "No." in library_ask("GET", "/queries/any-founded.md", params={"day": "2000-01-01"}).text
    assert '<p class="statement">Yes.</p>' in library_ask("GET", "/queries/any-founded.html").text
    turtle = library_ask("GET", "/queries/facts").text
    graph = rdflib.Graph().parse(data=turtle, format="turtle")
    amount = rdflib.URIRef(BASE + "ontology#amount")
    assert (rdflib.URIRef(RURITANIA), amount, rdflib.Literal(100)) in graph
    for extension in ("html", "md"):
        shown = library_ask("GET", f"/queries/facts.{extension}", params={"claim": "claim:syldavia-money"})
        assert "syldavia-aisi" in shown.text
    assert library_ask("GET", "/queries/facts.csv").status_code == 404
    assert RURITANIA in library_ask("GET", "/queries/ruritania.nt").text


def test_another_endpoint_is_not_asked(library_ask: Ask) -> None:
    response = library_ask("GET", "/queries/elsewhere.json")
    assert (response.status_code, response.json()["code"]) == (403, "service-refused")
    assert "SERVICE" in library_ask("GET", "/queries/elsewhere.rq").text
    # The page of the question is there all the same, and says so.
    page = library_ask("GET", "/queries/elsewhere", "text/html")
    assert page.status_code == 200
    assert "AISI_KG_SERVICES" in page.text


def test_an_unknown_query_is_answered_with_the_nearest(library_ask: Ask) -> None:
    for path in ("/queries/fonded", "/queries/fonded.csv"):
        response = library_ask("GET", path)
        assert (response.status_code, response.json()["code"]) == (404, "not-found")
        assert response.json()["near"][0] == "/queries/founded"
        assert "did you mean founded" in response.json()["detail"]
    response = library_ask("GET", "/queries/" + quote("<script>x</script>"))
    assert response.status_code == 404
    assert "near" not in response.json()
    assert library_ask("GET", "/queries/").status_code == 404
    assert library_ask("GET", "/queries/money/more").status_code == 404


# Parameters.


@pytest.mark.parametrize("institute", ["entity:syldavia-aisi", BASE + "entity/syldavia-aisi"])
def test_a_value_is_taken_in_full_or_with_a_prefix(library_ask: Ask, institute: str) -> None:
    for path in ("/queries/money", "/queries/money.json"):
        rows = bindings(library_ask("GET", path, params={"institute": institute}))
        assert [row["amount"] for row in rows] == ["50"]


@pytest.mark.parametrize(
    ("path", "parameters", "name", "allowed"),
    [
        ("/queries/money", {"nation": "x"}, "nation", ["institute"]),
        (
            "/queries/money.csv",
            {"institute": "entity:none"},
            "institute",
            ["entity:borduria-aisi", "entity:ruritania-aisi", "entity:syldavia-aisi"],
        ),
        ("/queries/money.rq", {"institute": "entity:none"}, "institute", None),
        ("/queries/totals", {"least": "two"}, "least", None),
        ("/queries/founded", {"since": "2024-13-01"}, "since", None),
        ("/queries/statements", {"language": "fr"}, "language", ["en", "zh"]),
        ("/queries/sized", {"size": "huge"}, "size", ["small", "large"]),
        ("/queries/said-of", {"thing": "no iri"}, "thing", None),
        ("/queries/money", {"lang": "fr"}, "lang", ["en", "zh"]),
    ],
)
def test_a_wrong_value_is_refused_and_the_right_ones_are_named(
    library_ask: Ask, path: str, parameters: dict[str, str], name: str, allowed: list[str] | None
) -> None:
    problem = is_invalid(library_ask("GET", path, params=parameters), name)
    if allowed is not None:
        assert problem["allowed"] == allowed
    page = library_ask("GET", path, "text/html", params=parameters)
    assert page.status_code == 422


def test_a_parameter_given_twice_is_refused(library_ask: Ask) -> None:
    is_invalid(library_ask("GET", "/queries/totals?least=1&least=2"), "least")
    assert bindings(library_ask("GET", "/queries/totals?least=1&least=1"))


def test_the_link_keeps_the_parameters_unless_they_are_long(library_ask: Ask) -> None:
    link = library_ask("GET", "/queries/statements", params={"word": "é\r\n<a>"}).headers["link"]
    assert "</queries/statements.csv?word=%C3%A9%0D%0A%3Ca%3E>" in link
    response = library_ask("GET", "/queries/statements.json", params={"word": "x" * 900})
    assert response.status_code == 200
    assert len(response.headers["link"]) < 1000


# Values that mean no good: whatever is sent, the query that is evaluated is the one that is stored.

ATTEMPTS = [
    '"',
    "'",
    '"""',
    "\\",
    "\\u0022",
    "\\u007D",
    "%22%7D",
    "} UNION { ?claim ?p ?o",
    '") } UNION { ?claim ?statement ?o } #',
    "'))} #",
    '"@en . ?x ?y ?z . #',
    '"^^<http://www.w3.org/2001/XMLSchema#string>',
    "> ?p ?o } #",
    "entity:x> } DROP ALL #",
    "?claim",
    "$claim",
    "{}",
    "a\nb",
    "a\r\nSET-COOKIE: x",
    "#",
    "; DELETE WHERE { ?s ?p ?o }",
    "SERVICE <http://127.0.0.1:9/> { ?s ?p ?o }",
    "\x00",
    "\u202e",
    "\ufeff",
    "\U0001f600",
    "{institute}",
    "%(institute)s",
    "${institute}",
    "<script>alert(1)</script>",
    "2024-01-01' }",
    "1) || (1=1",
    "1e9",
    "en' || '1'='1",
]
TARGETS = [
    ("money", "institute"),
    ("by-basis", "basis"),
    ("said-of", "thing"),
    ("founded", "since"),
    ("totals", "least"),
    ("statements", "word"),
    ("statements", "language"),
    ("sized", "size"),
    ("facts", "claim"),
    ("any-founded", "day"),
]


@pytest.fixture(scope="session")
def texts(library_ask: Ask) -> dict[str, str]:
    return {id_: library_ask("GET", f"/queries/{id_}.rq").text for id_, _ in TARGETS}


def holds(
    library_ask: Ask, library_evaluator: Any, texts: dict[str, str], id_: str, name: str, value: str
) -> None:
    """Ask with a value, and look at what was evaluated."""
    library_evaluator.requests.clear()
    response = library_ask("GET", f"/queries/{id_}", "text/turtle, application/json", params={name: value})
    asked = [r for r in library_evaluator.requests if r.text == texts[id_]]
    assert asked == library_evaluator.requests
    if response.status_code == 422:
        is_invalid(response, name)
        assert asked == []
    else:
        assert response.status_code == 200, (value, response.text)
        assert len(asked) <= 1
        for request in asked:
            for bound, term in request.bindings:
                if bound == name and value:
                    assert isinstance(term, NamedNode | Literal)
                    assert term.value == value or isinstance(term, NamedNode) or int(term.value) == int(value)


@pytest.mark.parametrize("value", ATTEMPTS, ids=range(len(ATTEMPTS)))
@pytest.mark.parametrize(("id_", "name"), TARGETS)
def test_no_value_changes_a_query(
    library_ask: Ask, library_evaluator: Any, texts: dict[str, str], id_: str, name: str, value: str
) -> None:
    holds(library_ask, library_evaluator, texts, id_, name, value)


@given(st.sampled_from(TARGETS), st.text(max_size=60))
def test_no_text_at_all_changes_a_query(
    library_ask: Ask, library_evaluator: Any, texts: dict[str, str], target: tuple[str, str], value: str
) -> None:
    holds(library_ask, library_evaluator, texts, *target, value)


@pytest.mark.parametrize("value", ATTEMPTS, ids=range(len(ATTEMPTS)))
def test_a_free_text_finds_what_has_it_and_nothing_else(library_ask: Ask, value: str) -> None:
    said = [row["statement"] for row in bindings(library_ask("GET", "/queries/statements.json"))]
    rows = bindings(library_ask("GET", "/queries/statements.json", params={"word": value}))
    assert [row["statement"] for row in rows] == [text for text in said if value.lower() in text.lower()]


class Page(HTMLParser):
    """Read a page as a browser does: its elements, and the values of its fields."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: set[str] = set()
        self.values: dict[str, str | None] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        # The frame's own scripts are files of this server.
        if not (tag == "script" and str(found.get("src")).startswith("/static/")):
            self.elements.add(tag)
        assert not any(name.startswith("on") for name in found)
        if tag == "input" and found.get("name"):
            self.values[str(found["name"])] = found.get("value")


@pytest.mark.parametrize("value", ATTEMPTS, ids=range(len(ATTEMPTS)))
def test_what_is_sent_is_shown_as_text(library_ask: Ask, value: str) -> None:
    for path, name in (("/queries/statements", "word"), ("/queries", "q"), ("/queries/money", "institute")):
        response = library_ask("GET", path, "text/html", params={name: value})
        assert "set-cookie" not in response.headers
        page = Page(response.text)
        assert page.elements.isdisjoint(["script", "style", "iframe", "object", "b"])
        if response.status_code == 200 and value.isprintable():
            assert page.values[name] == value
    written = library_ask("GET", "/queries/statements.md", params={"word": value}).text
    assert "\n<script" not in written


def test_an_answer_has_a_key_and_a_tag_of_its_own() -> None:
    requests = [
        QueryRequest("SELECT ?a { ?a ?b ?c }", bindings=bound)
        for bound in (
            (),
            (("a", NamedNode("https://e/1")),),
            (("b", NamedNode("https://e/1")),),
            (("a", Literal("https://e/1")),),
            (("a", Literal("https://e/1", language="en")),),
        )
    ]
    keys = [AnswerKey(request, Choice(), "") for request in requests]
    assert len(set(keys)) == len({answer_digest("1", key) for key in keys}) == len(keys)


# Pages.


def test_a_page_shows_question_form_answer_and_text(library_ask: Ask) -> None:
    page = library_ask("GET", "/queries/money", "text/html").text
    assert "<h1>What money does an institute have</h1>" in page
    assert '<html lang="en">' in page
    form = re.search(
        r'<form class="values" action="/queries/money" method="get">(.*?)</form>', page, re.DOTALL
    )
    assert form is not None
    assert '<label for="parameter-institute">Institute</label>' in form[1]
    assert '<select id="parameter-institute" name="institute">' in form[1]
    assert '<option value="entity:ruritania-aisi" selected>Ruritanian Institute</option>' in form[1]
    assert '<a href="/entity/ruritania-aisi?lang=en">Ruritanian Institute</a>' in page
    assert '<a class="claim" href="/claim/concordia-2024/ruritania-money?lang=en"' in page
    assert '<a href="/queries/money.csv?institute=entity%3Aruritania-aisi">csv</a>' in page
    assert "SELECT ?institute ?amount ?claim" in page
    assert "<script>" not in page
    assert "style=" not in page


@pytest.mark.parametrize(
    ("parameters", "accepted", "language"),
    [
        ({}, None, "en"),
        ({}, "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ({}, "en-GB,en;q=0.9,zh;q=0.8", "en"),
        ({}, "fr, zh-Hans;q=0.3", "zh"),
        ({}, "fr;q=x, *", "en"),
        ({"lang": "zh"}, "en", "zh"),
        ({"lang": "en"}, "zh", "en"),
        ({"lang": ""}, "zh", "zh"),
    ],
)
def test_a_page_is_in_the_readers_language(
    library_ask: Ask, parameters: dict[str, str], accepted: str | None, language: str
) -> None:
    headers = {} if accepted is None else {"accept-language": accepted}
    for path in ("/queries", "/queries/founded"):
        page = library_ask("GET", path, "text/html", params=parameters, headers=headers).text
        assert f'<html lang="{language}">' in page
        heading = "h1" if path.endswith("founded") else "a"
        assert (f"各研究所何时成立</{heading}>" in page) == (language == "zh")
    table = library_ask("GET", "/queries/founded.md", params=parameters, headers=headers).text
    assert ("博尔多利亚研究所" in table) == (language == "zh")
    assert "instituteZh" not in table


def test_markdown_says_what_stands_in_a_cell(library_ask: Ask) -> None:
    lines = library_ask("GET", "/queries/founded.md").text.splitlines()
    assert lines[0] == "# When was each institute founded"
    table = [line for line in lines if line.startswith("|")]
    assert table[:2] == ["| institute | date | claim |", "| --- | --- | --- |"]
    assert table[3].startswith(
        r"| [\<b\>Syldavian\</b\> Institute](https://w3id.org/aisi-kg/entity/syldavia-aisi) |"
    )
    said = library_ask("GET", "/queries/statements.md", params={"word": "renamed"}).text
    assert r"founded \| renamed" in said
    assert "- `word = renamed`" in said


def test_each_control_fits_its_parameter(library_ask: Ask) -> None:
    page = library_ask("GET", "/queries/founded", "text/html", params={"since": "2024-01-01"}).text
    assert '<input id="parameter-since" name="since" type="date" value="2024-01-01"' in page
    page = library_ask("GET", "/queries/totals", "text/html").text
    assert '<input id="parameter-least" name="least" type="number" value="2">' in page
    page = library_ask("GET", "/queries/sized", "text/html").text
    assert '<option value="" selected>all</option>\n<option value="small">small</option>' in page
    page = library_ask("GET", "/queries/statements", "text/html").text
    assert '<input id="parameter-word" name="word" type="text" value="">' in page


def test_labels_of_a_page_are_looked_up_and_never_what_was_sent(
    library_ask: Ask, library_evaluator: Any
) -> None:
    library_evaluator.requests.clear()
    page = library_ask("GET", "/queries/without-money", "text/html").text
    assert ">Bordurian Institute</a>" in page
    page = library_ask("GET", "/queries/said-of", "text/html", params={"thing": RURITANIA}).text
    assert "aisi:founded" in page
    for request in library_evaluator.requests:
        assert RURITANIA not in request.text


def test_behind_a_proxy_paths_are_the_publics(make_library_ask: Callable[..., Ask]) -> None:
    ask = make_library_ask(public_url="https://example.org/kg")
    response = ask("GET", "/queries/money", "text/csv")
    assert response.headers["content-location"] == "/kg/queries/money.csv"
    assert "</kg/queries/money.json>" in response.headers["link"]
    assert ask("GET", "/queries.json").json()["queries"][0]["path"].startswith("/kg/queries/")
    assert json.loads(ask("GET", "/openapi.json").text)["servers"] == [{"url": "/kg"}]
