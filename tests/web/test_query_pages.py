"""The pages of stored queries: what is named, where each value leads, and how somebody goes on with it."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from aisi_kg.graph.prefixes import load_prefixes
from aisi_kg.project import Project
from aisi_kg.store.binding import written_out
from aisi_kg.store.evaluate import QueryRequest, evaluate
from aisi_kg.store.library.description import library_of
from aisi_kg.store.library.reading import read_library
from aisi_kg.store.library.records import Library
from aisi_kg.store.library.values import allowed_values, bind
from aisi_kg.store.results import dataset_prefixes
from aisi_kg.web.library_words import by_topic, column_name, topic_name
from aisi_kg.web.messages import messages

Ask = Callable[..., httpx.Response]

SUFFIX = re.compile(r"(?<=.)(?:En|Zh)$")
TRIED = 3
SYLDAVIA = {"institute": "entity:syldavia-aisi"}


@pytest.fixture(scope="module")
def own(project: Project) -> Library:
    """Read the project's own queries."""
    return read_library(project, load_prefixes(project)).library


def test_each_column_and_topic_of_the_projects_queries_has_a_name(own: Library) -> None:
    columns = {SUFFIX.sub("", column.name) for query in own.queries.values() for column in query.columns}
    assert {key.partition(".")[2] for key in messages() if key.startswith("columns.")} == columns
    assert all(f"queries.topic_{tag}" in messages() for tag in own.tags)


def test_what_has_no_name_is_shown_by_its_words() -> None:
    assert column_name("otherThing", "zh") == "other thing"
    assert column_name("institute", "zh") == "研究所"
    assert topic_name("no such topic", "zh") == "no such topic"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_query_stands_under_one_topic(own: Library, language: str) -> None:
    groups = by_topic(own.queries.values(), language)
    assert sorted(query.id for _, _, group in groups for query in group) == sorted(own.queries)
    assert all(tag == query.tags[0] for tag, _, group in groups for query in group)
    assert [tag for tag, _, _ in groups] == [tag for tag, _, _ in by_topic(own.queries.values(), "en")]


def rows(store: Store, request: QueryRequest) -> list[tuple[str, ...]]:
    found = evaluate(store, request)
    assert isinstance(found, QuerySolutions)
    return [tuple(str(term) for term in solution) for solution in found]


def test_a_query_that_is_written_out_gives_what_the_page_shows(overview_quads: list[Quad]) -> None:
    store = Store()
    store.bulk_extend(overview_quads)
    prefixes = dataset_prefixes(store)
    tried = 0
    for query in library_of(store).queries.values():
        if query.services:
            # Other endpoints are asked by none of the tests.
            continue
        for parameter in query.parameters:
            for value in allowed_values(parameter, prefixes)[:TRIED]:
                bindings = bind(query, [(parameter.name, value)], prefixes)
                bound = rows(store, QueryRequest(query.text, bindings=bindings))
                text = written_out(query.text, bindings)
                assert rows(store, QueryRequest(text)) == bound, text
                tried += 1
    assert tried > 40


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT * {\n  VALUES ?s { <https://e/x> }\n  ?s ?p ?o }"),
        ("ASK WHERE {\n  ?s ?p ?o\n}", "ASK WHERE {\n  VALUES ?s { <https://e/x> }\n  ?s ?p ?o\n}"),
        (
            "CONSTRUCT { ?s ?p 1 } WHERE { ?s ?p ?o }",
            "CONSTRUCT { ?s ?p 1 } WHERE {\n  VALUES ?s { <https://e/x> }\n  ?s ?p ?o }",
        ),
        (
            "CONSTRUCT WHERE { ?s ?p ?o }",
            "CONSTRUCT WHERE {\n  VALUES ?s { <https://e/x> }\n  ?s ?p ?o }",
        ),
        ("DESCRIBE <https://e/y>", "DESCRIBE <https://e/y>"),
    ],
)
def test_values_stand_in_the_outermost_group(text: str, written: str) -> None:
    assert written_out(text, [("s", NamedNode("https://e/x"))]) == written
    assert written_out(text, []) == text


def test_the_editor_is_opened_with_the_values(library_ask: Ask) -> None:
    page = library_ask(
        "GET", "/queries/money", "text/html", params={"institute": "entity:syldavia-aisi"}
    ).text
    match = re.search(r'<a class="button" href="([^"]+)"', page)
    assert match is not None
    address = urlsplit(unescape(match[1]))
    assert (address.path, address.query) == ("/sparql", "lang=en")
    [query] = parse_qs(address.fragment)["query"]
    found = library_ask("POST", "/sparql", data={"query": query}).json()["results"]["bindings"]
    assert [row["amount"]["value"] for row in found] == ["50"]


def test_the_code_asks_for_the_answer_that_is_shown(library_ask: Ask) -> None:
    page = library_ask(
        "GET", "/queries/money", "text/html", params={"institute": "entity:syldavia-aisi"}
    ).text
    main = unescape(page[page.index("<main") : page.index("</main>")])
    addresses = set(re.findall(r"http://kg\.example\.org(/queries/[^'\"&<]+)", main))
    assert addresses == {"/queries/money.csv?institute=entity%3Asyldavia-aisi"}
    assert "50" in library_ask("GET", addresses.pop()).text


def test_a_claim_is_one_step_away_and_says_what_it_states(library_ask: Ask) -> None:
    page = library_ask("GET", "/queries/money", "text/html").text
    marks = re.findall(r'<a class="claim"[^>]*>', page)
    assert marks
    for mark in marks:
        address = re.search(r'href="(/claim/concordia-2024/[a-z-]+)\?lang=en"', mark)
        title = re.search(r'title="([^"]+)"', mark)
        assert address is not None
        assert title is not None
        assert unescape(title[1]) in library_ask("GET", address[1] + ".nt").text


@pytest.mark.parametrize(("language", "date"), [("en", "14 February 2024"), ("zh", "2024年2月14日")])
def test_heads_and_dates_are_in_the_readers_language(library_ask: Ask, language: str, date: str) -> None:
    page = library_ask("GET", "/queries/founded", "text/html", params={"lang": language}).text
    assert f'<time datetime="2024-02-14">{date}</time>' in page
    heads = re.findall(r'<th scope="col">([^<]*)</th>', page)
    assert heads == [column_name(name, language) for name in ("institute", "date", "claim")]


def test_an_answer_without_rows_says_so(library_ask: Ask) -> None:
    page = library_ask("GET", "/queries/founded", "text/html", params={"since": "2999-01-01", "lang": "zh"})
    assert messages()["queries.no_rows"]["zh"] in page.text
    assert "<table" not in page.text


def test_a_topic_and_words_are_kept_in_the_form(library_ask: Ask) -> None:
    page = library_ask("GET", "/queries", "text/html", params={"q": "institute", "tag": "time"}).text
    assert 'value="institute"' in page
    assert '<option value="time" selected>' in page
    assert "2 of 12 questions" in page
