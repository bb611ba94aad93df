"""The formats of answers: each is read back by a parser that is not the engine's."""

import contextlib
import csv
import gc
import io
import json
import threading
import unicodedata
import weakref
from xml.etree import ElementTree as ET

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Store, Triple

from aisi_kg.errors import AisiKgError, FormatRefused, QueryEnded, QueryRejected
from aisi_kg.graph.prefixes import Prefixes
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.results import (
    GRAPH_FORMATS,
    RESULT_FORMATS,
    Choice,
    Format,
    Tally,
    XmlCharacters,
    answer,
    dataset_prefixes,
    find_format,
    table,
    write_triples,
)

ODD = "a\u0001b\ufffec\r\nd"
SPARQL = "{http://www.w3.org/2005/sparql-results#}"
RDFLIB = {
    "turtle": "turtle",
    "ntriples": "nt",
    "rdfxml": "xml",
    "jsonld": "json-ld",
    "trig": "trig",
    "nquads": "nquads",
}


class Kept:
    """A sink that keeps what it is given."""

    def __init__(self) -> None:
        self.calls: list[Format | bytes] = []

    def begin(self, format_: Format) -> None:
        self.calls.append(format_)

    def write(self, data: bytes, /) -> int:
        self.calls.append(data)
        return len(data)

    @property
    def data(self) -> bytes:
        return b"".join(call for call in self.calls if isinstance(call, bytes))


def written(store: Store, text: str, choice: Choice, prefixes: Prefixes | None = None) -> bytes:
    kept = Kept()
    format_ = answer(store, QueryRequest(text), choice, kept, prefixes)
    assert kept.calls[0] == format_
    assert all(isinstance(call, bytes) for call in kept.calls[1:])
    return kept.data


ROWS = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?label ?missing ?n {
  ?s skos:prefLabel ?label
  BIND(12 AS ?n)
  FILTER(LANG(?label) = "zh" || CONTAINS(?label, "<"))
}
ORDER BY ?label"""
LABELS = ['<script>alert(1)</script> & "Co"', "卢里塔尼亚人工智能安全研究所"]


def test_json(store: Store) -> None:
    document = json.loads(written(store, ROWS, Choice("json")))
    assert document["head"]["vars"] == ["label", "missing", "n"]
    rows = document["results"]["bindings"]
    assert [row["label"]["value"] for row in rows] == LABELS
    assert rows[1]["label"]["xml:lang"] == "zh"
    assert all("missing" not in row for row in rows)
    assert json.loads(written(store, "ASK {}", Choice("json"))) == {"head": {}, "boolean": True}


def test_xml(store: Store) -> None:
    root = ET.fromstring(written(store, ROWS, Choice("xml")))
    assert [v.get("name") for v in root.iter(SPARQL + "variable")] == ["label", "missing", "n"]
    rows = list(root.iter(SPARQL + "result"))
    assert [row[0][0].text for row in rows] == LABELS
    truth = ET.fromstring(written(store, "ASK {}", Choice("xml")))
    assert truth.findtext(SPARQL + "boolean") == "true"


def test_csv_and_tsv(store: Store) -> None:
    text = written(store, ROWS, Choice("csv")).decode()
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["label", "missing", "n"],
        [LABELS[0], "", "12"],
        [LABELS[1], "", "12"],
    ]
    lines = written(store, ROWS, Choice("tsv")).decode().split("\n")
    assert lines[0] == "?label\t?missing\t?n"
    assert lines[2] == f'"{LABELS[1]}"@zh\t\t12'


def test_a_comma_parts_no_value_of_csv(store: Store) -> None:
    values = {
        "<http://e/a,b>": "http://e/a,b",
        '"a,\\"b\\"\\r\\n"': 'a,"b"\r\n',
        '<<( <http://e/a,b> <http://e/c> "d,\\"" )>>': 'http://e/a,b http://e/c d,"',
        "12.50": "12.5",
        "UNDEF": "",
    }
    rows = " ".join(f"({value} 1)" for value in values)
    text = written(store, f"SELECT ?x ?n {{ VALUES (?x ?n) {{ {rows} }} }}", Choice("csv")).decode()
    read = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert read == [["x", "n"], *([value, "1"] for value in values.values())]
    # Blank nodes have a name, and the same one throughout.
    text = written(store, "SELECT ?a ?b { BIND(BNODE() AS ?a) BIND(?a AS ?b) }", Choice("csv")).decode()
    (_, (first, second)) = csv.reader(io.StringIO(text, newline=""))
    assert first == second
    assert first.startswith("_:")


CHARACTERS = "SELECT ?o { ?s <http://www.w3.org/2004/02/skos/core#note> ?o }"


def test_xml_replaces_what_it_cannot_write_and_keeps_what_it_can(store: Store) -> None:
    root = ET.fromstring(written(store, CHARACTERS, Choice("xml")))
    assert [e.text for e in root.iter(SPARQL + "literal")] == ["a\ufffdb\ufffdc\r\nd"]
    triples = CHARACTERS.replace("SELECT ?o", "CONSTRUCT").replace("CONSTRUCT {", "CONSTRUCT WHERE {")
    data = written(store, triples, Choice(graph="rdfxml"))
    assert [e[0].text for e in ET.fromstring(data)] == ["a\ufffdb\ufffdc\r\nd"]


def test_json_keeps_every_character(store: Store) -> None:
    rows = json.loads(written(store, CHARACTERS, Choice("json")))["results"]["bindings"]
    assert [row["o"]["value"] for row in rows] == [ODD]


@given(st.text(alphabet="a\u0000\r\n\ufffe\uffff\ufffd\uff00中", max_size=12), st.data())
def test_xml_characters_are_the_same_however_the_bytes_are_cut(text: str, data: st.DataObject) -> None:
    whole = text.encode() + b">"
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=4)))
    output = io.BytesIO()
    writer = XmlCharacters(output)
    for start, end in zip([0, *cuts], [*cuts, len(whole)], strict=True):
        assert writer.write(whole[start:end]) == end - start
    expected = "".join("\ufffd" if char in "\u0000\ufffe\uffff" else char for char in text)
    assert output.getvalue().decode() == expected.replace("\r", "&#13;") + ">"


@pytest.mark.parametrize("name", RDFLIB)
def test_triples_are_read_back_by_another_parser(store: Store, name: str) -> None:
    data = written(
        store,
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(!isLiteral(?o) || !CONTAINS(STR(?o), '\ufffe')) }",
        Choice(graph=name),
        dataset_prefixes(store),
    )
    graph = rdflib.Dataset()
    graph.parse(data=data, format=RDFLIB[name])
    expected = {
        (quad.subject.value, quad.predicate.value, quad.object.value)
        for quad in store.quads_for_pattern(None, None, None, DefaultGraph())
        if isinstance(quad.subject, NamedNode)
        and isinstance(quad.object, NamedNode | Literal)
        and quad.object.value != ODD
    }
    assert len(expected) > 30
    assert {tuple(map(str, triple)) for triple in graph.default_graph} == expected


def test_prefixes_are_those_that_are_used(store: Store) -> None:
    prefixes = dataset_prefixes(store)
    assert set(prefixes) == {"aisi", "claim", "entity", "skos", "xsd"}
    text = "CONSTRUCT WHERE { ?s <https://w3id.org/aisi-kg/ontology#staffCount> ?o }"
    turtle = written(store, text, Choice(graph="turtle"), prefixes).decode()
    assert "entity:ruritania-aisi aisi:staffCount 12" in turtle
    assert "@prefix skos:" not in turtle


def test_no_triples_are_an_answer_too(store: Store) -> None:
    for format_ in GRAPH_FORMATS:
        written(store, "CONSTRUCT WHERE { ?s ?p <http://e/none> }", Choice(graph=format_.name))


def test_a_triple_in_another_has_no_json_ld() -> None:
    text = "CONSTRUCT { <http://e/a> <http://e/p> <<( <http://e/a> <http://e/p> 1 )>> } WHERE {}"
    with pytest.raises(FormatRefused, match="a triple within a triple") as caught:
        written(Store(), text, Choice(graph="jsonld"))
    assert "text/turtle" in caught.value.offered
    assert "application/ld+json" not in caught.value.offered


def test_a_predicate_without_a_name_has_no_rdf_xml() -> None:
    store = Store()
    store.update("INSERT DATA { <http://e/a> <http://e/1> 1 }")
    with pytest.raises(FormatRefused, match="predicate <http://e/1>") as caught:
        written(store, "CONSTRUCT WHERE { ?s ?p ?o }", Choice(graph="rdfxml"))
    assert "text/turtle" in caught.value.offered
    assert "application/rdf+xml" not in caught.value.offered


TERM = "CONSTRUCT {{ <http://e/s> <http://e/p> ?o }} WHERE {{ BIND(<<( <http://e/a> <{}> {} )>> AS ?o) }}"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (TERM.format("http://e/b", "1"), "jsonld"),
        (TERM.format("http://e/1", "1"), "rdfxml"),
        (TERM.format("http://e/b", "<<( <http://e/a> <http://e/1> 1 )>>"), "rdfxml"),
    ],
)
def test_a_triple_as_a_term_is_refused_where_it_cannot_be_written(store: Store, text: str, name: str) -> None:
    kept = Kept()
    with pytest.raises(FormatRefused) as caught:
        answer(store, QueryRequest(text), Choice(graph=name), kept)
    assert kept.calls == []
    others = [format_.media_type for format_ in GRAPH_FORMATS if format_.name != name]
    assert set(caught.value.offered) <= set(others)
    assert "<<(" in written(store, text, Choice(graph="turtle")).decode()


@pytest.mark.parametrize(
    ("text", "choice", "offered"),
    [
        ("SELECT * {}", Choice(None, "turtle"), RESULT_FORMATS),
        ("ASK {}", Choice(None, "turtle"), RESULT_FORMATS),
        ("CONSTRUCT WHERE { ?s ?p ?o }", Choice("json", None), GRAPH_FORMATS),
    ],
)
def test_a_kind_without_a_format_is_refused(
    store: Store, text: str, choice: Choice, offered: tuple[Format, ...]
) -> None:
    kept = Kept()
    with pytest.raises(FormatRefused) as caught:
        answer(store, QueryRequest(text), choice, kept)
    assert caught.value.offered == tuple(format_.media_type for format_ in offered)
    assert kept.calls == []


def test_what_fails_at_once_has_not_begun(store: Store) -> None:
    kept = Kept()
    with pytest.raises(QueryRejected):
        answer(store, QueryRequest("SELECT (<http://e/f>(1) AS ?x) {}"), Choice(), kept)
    assert kept.calls == []


class Full(Kept):
    """A sink that takes one block."""

    def write(self, data: bytes, /) -> int:
        if len(self.calls) > 1:
            raise BrokenPipeError
        return super().write(data)


LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


def test_a_sink_that_raises_ends_the_writing(store: Store) -> None:
    sink = Full()
    with pytest.raises(BrokenPipeError):
        answer(store, QueryRequest(LONG), Choice(), sink)
    assert len(sink.calls) == 2
    whole = Kept()
    answer(store, QueryRequest(LONG), Choice(), whole)
    assert whole.data.startswith(sink.data)
    assert len(whole.data) > len(sink.data)


GRAPH = "CONSTRUCT WHERE { ?s ?p ?o }"


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_an_error_may_leave_its_thread(store: Store) -> None:
    errors: list[AisiKgError] = []

    def fail() -> None:
        for text, choice in (("SELECT * {}", Choice(None)), (GRAPH, Choice("csv", None))):
            try:
                answer(store, QueryRequest(text), choice, Kept())
            except FormatRefused as error:
                errors.append(error)
        try:
            table(store, QueryRequest("DESCRIBE <http://e/>"), Prefixes({}), 80)
        except FormatRefused as error:
            errors.append(error)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert len(errors) == 3
    # The engine's results may only die in the thread that made them; that they did shows when these go.
    errors.clear()


@pytest.mark.parametrize(
    ("name", "formats", "found"),
    [
        ("JSON", RESULT_FORMATS, "json"),
        ("json", GRAPH_FORMATS, "jsonld"),
        ("xml", GRAPH_FORMATS, "rdfxml"),
        ("ttl", GRAPH_FORMATS, "turtle"),
        ("application/n-triples", GRAPH_FORMATS, "ntriples"),
        ("text/csv", RESULT_FORMATS, "csv"),
        # As in Accept.
        ("application/json", RESULT_FORMATS, "json"),
        ("application/json", GRAPH_FORMATS, "jsonld"),
        ("text/xml", GRAPH_FORMATS, "rdfxml"),
        ("turtle", RESULT_FORMATS, None),
        ("", RESULT_FORMATS, None),
    ],
)
def test_formats_are_found_by_their_names(name: str, formats: tuple[Format, ...], found: str | None) -> None:
    format_ = find_format(name, formats)
    assert (format_.name if format_ else None) == found


def test_names_of_formats_are_told_apart() -> None:
    for formats in (RESULT_FORMATS, GRAPH_FORMATS):
        names = [name for f in formats for name in (f.name, *f.aliases)]
        assert len(names) == len(set(names))


def cells(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)


def test_a_table_is_aligned_though_ideographs_are_wide(store: Store) -> None:
    text = "SELECT ?s ?statement { ?s aisi:statement ?statement } ORDER BY ?statement"
    request = QueryRequest(text, prefixes=tuple(dataset_prefixes(store).items()))
    lines = table(store, request, dataset_prefixes(store), 80).splitlines()
    assert lines[0].split() == ["s", "statement"]
    assert lines[2] == "claim:two    Its staff is twelve. @en"
    assert lines[-2] == "claim:one    卢里塔尼亚设有研究所。 @zh"
    assert lines[-1] == "(4 rows)"
    assert set(lines[1]) == {"─", " "}


@pytest.mark.parametrize("width", [20, 33, 40, 60])
def test_a_table_keeps_to_the_terminal(store: Store, width: int) -> None:
    text = "SELECT ?s ?label { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?label }"
    lines = table(store, QueryRequest(text), Prefixes({}), width).splitlines()
    assert all(cells(line) <= width for line in lines)
    assert any("…" in line for line in lines)


def test_a_table_cannot_move_the_cursor() -> None:
    store = Store()
    store.update('INSERT DATA { <http://e/a> <http://e/b> "red\\u001b[31m\\u202Ereversed\\nline" }')
    text = table(store, QueryRequest("SELECT ?o { ?s ?p ?o }"), Prefixes({}), 80)
    assert "red\ufffd[31mreversed line" in text


def test_a_table_has_the_variables_in_the_order_of_the_text(store: Store) -> None:
    def heads(text: str) -> list[str]:
        return table(store, QueryRequest(text), Prefixes({}), 80).splitlines()[0].split()

    assert heads("SELECT * { ?s ?p ?o }") == ["s", "p", "o"]
    assert heads("SELECT DISTINCT * { ?z ?y ?x }") == ["z", "y", "x"]
    assert heads("SELECT (STR(?p) AS ?a) ?p { ?s ?p ?o }") == ["a", "p"]


def test_small_tables(store: Store) -> None:
    prefixes = Prefixes({})
    assert table(store, QueryRequest("ASK {}"), prefixes, 80) == "true\n"
    assert table(store, QueryRequest("SELECT * {}"), prefixes, 80) == "(1 row)\n"
    assert table(store, QueryRequest("SELECT ?a { VALUES ?a {} }"), prefixes, 80) == "a\n─\n(0 rows)\n"
    with pytest.raises(FormatRefused, match="make no table"):
        table(store, QueryRequest("CONSTRUCT WHERE { ?s ?p ?o }"), prefixes, 80)


def test_triples_at_hand_are_written() -> None:
    name = NamedNode("https://w3id.org/aisi-kg/ontology#staffCount")
    triples = [Triple(NamedNode("http://e/a"), name, Literal(12))]
    data = write_triples(triples, GRAPH_FORMATS[0], {"aisi": "https://w3id.org/aisi-kg/ontology#"})
    assert b"aisi:staffCount 12" in data


@pytest.mark.parametrize(
    ("text", "name"),
    [
        *(("SELECT * { ?s ?p ?o }", format_.name) for format_ in RESULT_FORMATS),
        *(("CONSTRUCT WHERE { ?s ?p ?o }", format_.name) for format_ in GRAPH_FORMATS),
        ("DESCRIBE <http://e/a>", "trig"),
        ("ASK {}", "json"),
        ("no query", "json"),
        ("SELECT * { ?s ?p ?o }", "none"),
    ],
)
def test_nothing_holds_a_sink_when_the_answer_is_written(text: str, name: str) -> None:
    store = Store()
    store.update("INSERT DATA { <http://e/a> <http://e/p> 1, 2, 3 }")
    sink = Kept()
    is_gone = weakref.ref(sink)
    gc.disable()
    try:
        with contextlib.suppress(AisiKgError):
            answer(store, QueryRequest(text), Choice(name, name), sink, {}, Tally(100))
        del sink
        # A process that answers many would keep what is behind each until the collector comes.
        assert is_gone() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("format_", ["ntriples", "nquads"])
def test_triples_on_lines_are_counted_and_bounded(store: Store, format_: str) -> None:
    request = QueryRequest("CONSTRUCT { ?s ?p ?o , 'two\\nlines' } WHERE { ?s ?p ?o }")
    tally, kept = Tally(1_000_000), Kept()
    answer(store, request, Choice(graph=format_), kept, tally=tally)
    graph = rdflib.Dataset().parse(data=kept.data, format="nquads")
    assert tally.rows >= len(list(graph)) > 2
    assert tally.rows == len(kept.data.splitlines())
    with pytest.raises(QueryEnded, match="more than 2 rows"):
        answer(store, request, Choice(graph=format_), Kept(), tally=Tally(2))
