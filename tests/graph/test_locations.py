"""Where a text says what."""

import re

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from aisi_kg.graph.files import read_files
from aisi_kg.graph.locations import Location, Locations, scan
from aisi_kg.project import Project

XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

TEXT = """# head
@prefix e: <http://e/> .
PREFIX f: <http://f/>
GRAPH e:claim {
	e:s
		e:p e:o ;
		.
}
e:claim
	a e:Claim , f:Other ;
	e:text
		"one # . ; "@EN ,
		\"\"\"two
lines \\u00e9 \\"\"\"\"
		;
	e:n 5 , -1.5 , 1e3 , true , .5, 5.
e:x.y e:typed "2024"^^f:gYear; e:q [ e:r e:deep ; e:s ( 1 [ e:t 'x' ] ) ] .
[] e:p _:b . () e:p () .
e:g { e:s e:p 7 }
"""


def at(
    iri: str, predicate: str | None = None, value: NamedNode | Literal | None = None, graph: str | None = None
) -> int:
    locations = Locations()
    locations.add(scan(TEXT, "a.trig"))
    place = locations.find(iri, predicate, value, graph)
    assert place is not None
    assert place.file == "a.trig"
    return place.line


def integer(value: str, datatype: str = "integer") -> Literal:
    return Literal(value, datatype=NamedNode(XSD + datatype))


@pytest.mark.parametrize(
    ("predicate", "value", "line"),
    [
        (TYPE, NamedNode("http://e/Claim"), 10),
        (TYPE, NamedNode("http://f/Other"), 10),
        ("http://e/text", Literal("one # . ; ", language="en"), 12),
        ("http://e/text", Literal('two\nlines é "'), 13),
        ("http://e/n", integer("5"), 16),
        ("http://e/n", integer("-1.5", "decimal"), 16),
        ("http://e/n", integer(".5", "decimal"), 16),
        ("http://e/n", integer("1e3", "double"), 16),
        ("http://e/n", integer("true", "boolean"), 16),
        ("http://e/text", Literal("another"), 11),
        ("http://e/text", None, 11),
        ("http://e/unknown", None, 9),
    ],
)
def test_the_place_of_a_statement(predicate: str, value: NamedNode | Literal | None, line: int) -> None:
    assert at("http://e/claim", predicate, value) == line


def test_the_place_of_a_subject_and_a_graph() -> None:
    assert at("http://e/claim") == 9
    assert at("http://e/g") == 19
    assert at("http://e/s") == 5
    assert at("http://e/x.y") == 17
    assert at("http://e/s", "http://e/p", NamedNode("http://e/o"), "http://e/claim") == 6
    assert at("http://e/s", "http://e/p", integer("7"), "http://e/g") == 19
    assert at("http://e/s", "http://e/none", None, "http://e/claim") == 4
    assert at("http://e/s", "http://e/none", None, "http://e/nowhere") == 5


def test_statements_in_blank_nodes_are_found_by_the_subject_around_them() -> None:
    for predicate, value in (
        ("http://e/r", NamedNode("http://e/deep")),
        ("http://e/t", Literal("x")),
        ("http://e/typed", Literal("2024", datatype=NamedNode("http://f/gYear"))),
    ):
        assert at("http://e/x.y", predicate, value) == 17


def test_statements_of_blank_nodes_are_found_by_their_file() -> None:
    locations = Locations()
    locations.add(scan(TEXT, "a.trig"))
    assert locations.find_in("a.trig", "http://e/t", Literal("x")) == Location("a.trig", 17, 65)
    assert locations.find_in("b.trig", "http://e/t", Literal("x")) is None


def test_prefixes_graphs_subjects_and_blank_nodes_are_found() -> None:
    found = scan(TEXT, "a.trig")
    assert [(prefix, iri, place.line) for prefix, iri, place in found.prefixes] == [
        ("e", "http://e/", 2),
        ("f", "http://f/", 3),
    ]
    assert [(graph, place.line, place.column) for graph, place in found.graphs] == [
        ("http://e/claim", 4, 7),
        ("http://e/g", 19, 1),
    ]
    assert [(graph, subject, place.line) for graph, subject, place in found.subjects] == [
        ("http://e/claim", "http://e/s", 5),
        (None, "http://e/claim", 9),
        (None, "http://e/x.y", 17),
        ("http://e/g", "http://e/s", 19),
    ]
    # In the order in which they end: the inner ones of the line first. The empty list is a name.
    assert [(place.line, place.column) for place in found.blank_nodes] == [
        (17, 59),
        (17, 55),
        (17, 36),
        (18, 1),
        (18, 8),
    ]


def test_what_is_not_there_has_no_place() -> None:
    locations = Locations()
    locations.add(scan(TEXT, "a.trig"))
    assert locations.find("http://e/nobody") is None
    assert locations.find("http://e/nobody", "http://e/p") is None
    assert locations.subject("http://e/g") is None
    assert locations.graph("http://e/s") is None
    assert set(locations) == {"http://e/claim", "http://e/x.y", "http://e/g", "http://e/s"}


def test_the_first_place_in_a_file_counts() -> None:
    locations = Locations()
    locations.add(scan("<http://e/s> <http://e/p> 1 .\n<http://e/s> <http://e/p> 1 .", "a.ttl"))
    assert locations.find("http://e/s") == Location("a.ttl", 1, 1)
    assert locations.find("http://e/s", "http://e/p") == Location("a.ttl", 1, 14)
    assert locations.find("http://e/s", "http://e/p", integer("1")) == Location("a.ttl", 1, 27)


def test_the_first_file_counts() -> None:
    locations = Locations()
    for file in ("a.ttl", "b.ttl"):
        locations.add(scan("<http://e/s> <http://e/p> 1 .", file))
    assert locations.find("http://e/s") == Location("a.ttl", 1, 1)
    assert locations.find("http://e/s", "http://e/p", integer("1")) == Location("a.ttl", 1, 27)


@pytest.mark.parametrize(
    "text",
    [
        "@base <http://e/> . <s> <p> <o> .",
        "BASE <http://e/>\n@base <d/> . @base <f> . <s> <#p> <?o> .",
        "@prefix : <http://e/> . :s :p :o.",
        "prefix : <http://e/> :s.t :p :o:o, :o...x, : .",
        "@prefix e: <http://e/> . e:s\\-\\~ e:p%20 e:\\#o#comment\n, e:\\,o, true, false.",
        "<http://e/\\u0073> <http://e/\\U00000070> <http://e/o>.",
        "<http://e/s><http://e/p><http://e/o>#c\n.",
        "<http://e/s>a<http://e/o>;a<http://e/O>.",
        r"<http://e/s> <http://e/p> '\'\t\u00e9\U0001F600', ''@en, ''^^<http://e/t>.",
        "<http://e/s> <http://e/p> '''a\n''b''', '', \"\"\"\"a\"\"\", \"'\".",
        "<http://e/s> <http://e/p> 1, 1.0, .5, -.5, +1, 1e1, 1.e1, .1E-1, 2.",
        "<http://e/s> <http://e/p> <http://e/o>;; <http://e/q> 1 ; .",
        "@prefix graph: <http://e/> . graph:s graph:graph graph:a .",
    ],
)
def test_the_spellings_are_read_as_the_parser_reads_them(text: str) -> None:
    found = scan(text, "a.ttl")
    locations = Locations()
    locations.add(found)
    quads = list(parse(text, RdfFormat.TURTLE))
    assert quads
    for quad in quads:
        assert isinstance(quad.subject, NamedNode)
        assert isinstance(quad.object, NamedNode | Literal)
        # Without the value the place would be that of the predicate.
        without = locations.find(quad.subject.value, quad.predicate.value)
        assert locations.find(quad.subject.value, quad.predicate.value, quad.object) not in (None, without)
    assert sum(key[3] is not None for key in found.statements) == len(set(quads))


@pytest.mark.parametrize(
    "text", ["", ")]}", "'", '"""', "[[[", "a b", "@prefix", "<", "\\", "e:a . ; , ^^ @en"]
)
def test_a_text_that_is_no_turtle_does_no_harm(text: str) -> None:
    assert scan(text, "a.ttl").graphs == []


def test_every_statement_of_the_project_has_its_place(project: Project) -> None:
    files = read_files(project)
    checked = 0
    for file in files.files:
        lines = file.text.split("\n")
        for quad in file.quads:
            if not isinstance(quad.subject, NamedNode) or not isinstance(quad.graph_name, NamedNode):
                continue
            graph = None if quad.graph_name.value == file.graph else quad.graph_name.value
            value = quad.object if isinstance(quad.object, NamedNode | Literal) else None
            place = files.locations.find(quad.subject.value, quad.predicate.value, value, graph)
            assert place is not None
            if place.file != file.name or not isinstance(value, Literal):
                continue
            if file.name.endswith(".tsv"):
                # The row is the place of all that it says.
                assert quad.subject.value.rpartition("#")[2] in lines[place.line - 1] or place.line == 1
                continue
            line = lines[place.line - 1][place.column - 1 :]
            assert re.match(r'"|[-+.0-9]|true|false', line), (place, line)
            if re.fullmatch(r"[\w ]+", value.value):
                assert value.value in line
            checked += 1
    assert checked > 0
