"""The canonical style: a case for each rule, and what holds for any graph."""

import random
import re
from collections.abc import Callable, Iterable

import pytest
import rdflib
import rdflib.compare
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Triple,
)

from aisi_kg.errors import AisiKgError, InputError, RdfSyntaxError
from aisi_kg.graph import style
from aisi_kg.graph.prefixes import AISI, Prefixes
from aisi_kg.graph.style import (
    format_trig,
    format_turtle,
    header_of,
    misplaced_comment,
    natural_key,
    parse_text,
    write_trig,
    write_trig_claims,
    write_turtle,
)

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
NAMES = Prefixes(
    {
        "aisi": AISI,
        "claim": "https://w3id.org/aisi-kg/claim/concordia-2024/",
        "entity": "https://w3id.org/aisi-kg/entity/",
        "footnote": "https://w3id.org/aisi-kg/source/concordia-2024/footnote/",
        "oa": "http://www.w3.org/ns/oa#",
        "owl": "http://www.w3.org/2002/07/owl#",
        "passage": "https://w3id.org/aisi-kg/source/concordia-2024/passage/",
        "prov": "http://www.w3.org/ns/prov#",
        "rdf": RDF,
        "xsd": XSD,
    }
)
PROLOGUE = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in NAMES.items())

# Input and what the rule makes of it, both without the lines of prefixes.
TURTLE_RULES = {
    "subject on its own line, one predicate a line": (
        "entity:a aisi:p entity:b; aisi:q entity:c.",
        "entity:a\n\taisi:p entity:b ;\n\taisi:q entity:c ;\n\t.\n",
    ),
    "subjects a blank line apart": (
        "entity:a aisi:p entity:b . entity:b aisi:p entity:c .",
        "entity:a\n\taisi:p entity:b ;\n\t.\n\nentity:b\n\taisi:p entity:c ;\n\t.\n",
    ),
    "subjects sorted, numbers by value": (
        "footnote:10 aisi:p footnote:3 . footnote:2 aisi:p footnote:3 . entity:b aisi:p footnote:3 .",
        (
            "entity:b\n\taisi:p footnote:3 ;\n\t.\n\nfootnote:2\n\taisi:p footnote:3 ;\n\t.\n\n"
            "footnote:10\n\taisi:p footnote:3 ;\n\t.\n"
        ),
    ),
    "the ontology first": (
        "aisi:A a owl:Class . <https://w3id.org/aisi-kg/ontology> a owl:Ontology .",
        "<https://w3id.org/aisi-kg/ontology>\n\ta owl:Ontology ;\n\t.\n\naisi:A\n\ta owl:Class ;\n\t.\n",
    ),
    "the ontology first, whatever its name": (
        "aisi:A a owl:Class . entity:z a owl:Ontology .",
        "entity:z\n\ta owl:Ontology ;\n\t.\n\naisi:A\n\ta owl:Class ;\n\t.\n",
    ),
    "a first, other predicates sorted": (
        "entity:a oa:start 1 ; aisi:p 2 ; rdf:type aisi:A ; <http://example.org/p> 3 .",
        "entity:a\n\ta aisi:A ;\n\t<http://example.org/p> 3 ;\n\taisi:p 2 ;\n\toa:start 1 ;\n\t.\n",
    ),
    "several objects each on a line": (
        "entity:a aisi:p entity:c , entity:b .",
        "entity:a\n\taisi:p\n\t\tentity:b ,\n\t\tentity:c\n\t\t;\n\t.\n",
    ),
    "objects once": (
        "entity:a aisi:p entity:b , entity:b . entity:a aisi:p entity:b .",
        "entity:a\n\taisi:p entity:b ;\n\t.\n",
    ),
    "IRIs before literals before blank nodes, IRIs by number": (
        'entity:a aisi:p [] , "x" , footnote:10 , footnote:9 .',
        'entity:a\n\taisi:p\n\t\tfootnote:9 ,\n\t\tfootnote:10 ,\n\t\t"x" ,\n\t\t[]\n\t\t;\n\t.\n',
    ),
    "literals by language, datatype, value": (
        'entity:a aisi:p "b"@zh , "z"@en , "a"@zh , 5 , "t" , "2024"^^xsd:gYear .',
        (
            'entity:a\n\taisi:p\n\t\t"2024"^^xsd:gYear ,\n\t\t5 ,\n\t\t"t" ,\n'
            '\t\t"z"@en ,\n\t\t"a"@zh ,\n\t\t"b"@zh\n'
            "\t\t;\n\t.\n"
        ),
    ),
    "numbers and booleans short": (
        'entity:a aisi:p "7"^^xsd:integer , "1.50"^^xsd:decimal , "true"^^xsd:boolean .',
        "entity:a\n\taisi:p\n\t\ttrue ,\n\t\t1.50 ,\n\t\t7\n\t\t;\n\t.\n",
    ),
    "numbers and booleans long where the short form would say something else": (
        'entity:a aisi:p "1"^^xsd:boolean , "5"^^xsd:decimal , "1."^^xsd:decimal , "x"^^xsd:integer , 1e0 .',
        (
            'entity:a\n\taisi:p\n\t\t"1"^^xsd:boolean ,\n\t\t"1."^^xsd:decimal ,\n\t\t"5"^^xsd:decimal ,\n'
            '\t\t"1e0"^^xsd:double ,\n\t\t"x"^^xsd:integer\n\t\t;\n\t.\n'
        ),
    ),
    "strings without datatype": (
        'entity:a aisi:p "x"^^xsd:string .',
        'entity:a\n\taisi:p "x" ;\n\t.\n',
    ),
    "escapes only where needed": (
        r"""entity:a aisi:p 'q" b\\ t\t c\u0001 é 中 \u200b' .""",
        'entity:a\n\taisi:p "q\\" b\\\\ t\\t c\\u0001 é 中 \\u200B" ;\n\t.\n',
    ),
    "long quotes for a text of several lines": (
        r'entity:a aisi:p "one\n\ttwo \"\"\" \"" .',
        'entity:a\n\taisi:p """one\n\\ttwo \\"\\"" \\"""" ;\n\t.\n',
    ),
    "language tags in lower case": (
        'entity:a aisi:p "x"@en-GB .',
        'entity:a\n\taisi:p "x"@en-gb ;\n\t.\n',
    ),
    "blank nodes in place": (
        "_:b aisi:q 1 , 2 . entity:a aisi:p _:b .",
        "entity:a\n\taisi:p [\n\t\taisi:q\n\t\t\t1 ,\n\t\t\t2\n\t\t\t;\n\t] ;\n\t.\n",
    ),
    "several blank nodes in place, sorted by their text": (
        "entity:a aisi:p [ aisi:q 10 ] , [ aisi:q 9 ] .",
        "entity:a\n\taisi:p\n\t\t[\n\t\t\taisi:q 9 ;\n\t\t] ,\n\t\t[\n\t\t\taisi:q 10 ;\n\t\t]\n\t\t;\n\t.\n",
    ),
    "blank subjects at the end": (
        "[] aisi:p 2 . _:x aisi:p 1 . entity:a aisi:p 3 .",
        "entity:a\n\taisi:p 3 ;\n\t.\n\n[]\n\taisi:p 1 ;\n\t.\n\n[]\n\taisi:p 2 ;\n\t.\n",
    ),
    "shared blank nodes with canonical labels": (
        "entity:a aisi:p _:mine . entity:b aisi:p _:mine . _:mine aisi:q 1 .",
        (
            "entity:a\n\taisi:p _:c14n0 ;\n\t.\n\nentity:b\n\taisi:p _:c14n0 ;\n\t.\n\n"
            "_:c14n0\n\taisi:q 1 ;\n\t.\n"
        ),
    ),
    "cyclic blank nodes with canonical labels": (
        "_:x aisi:p _:y . _:y aisi:q _:x .",
        "_:c14n0\n\taisi:p _:c14n1 ;\n\t.\n\n_:c14n1\n\taisi:q _:c14n0 ;\n\t.\n",
    ),
    "lists of names and literals on one line": (
        'entity:a aisi:p ( entity:c entity:b "x" ) .',
        'entity:a\n\taisi:p ( entity:c entity:b "x" ) ;\n\t.\n',
    ),
    "lists written out as lists": (
        "entity:a aisi:p _:1 . _:1 rdf:first 1 ; rdf:rest _:2 . _:2 rdf:first 2 ; rdf:rest rdf:nil .",
        "entity:a\n\taisi:p ( 1 2 ) ;\n\t.\n",
    ),
    "lists with blank nodes one member a line": (
        "entity:a aisi:p ( entity:b [ aisi:q 1 ] ( 2 ) ) .",
        "entity:a\n\taisi:p (\n\t\tentity:b\n\t\t[\n\t\t\taisi:q 1 ;\n\t\t]\n\t\t( 2 )\n\t) ;\n\t.\n",
    ),
    "a list that something else points into as what it is": (
        (
            "entity:a aisi:p _:1 . entity:b aisi:p _:2 ."
            "_:1 rdf:first 1 ; rdf:rest _:2 . _:2 rdf:first 2 ; rdf:rest () ."
        ),
        (
            "entity:a\n\taisi:p [\n\t\trdf:first 1 ;\n\t\trdf:rest _:c14n0 ;\n\t] ;\n\t.\n\n"
            "entity:b\n\taisi:p _:c14n0 ;\n\t.\n\n_:c14n0\n\trdf:first 2 ;\n\trdf:rest () ;\n\t.\n"
        ),
    ),
    "empty lists": (
        "entity:a aisi:p () ; aisi:q ( () ) .",
        "entity:a\n\taisi:p () ;\n\taisi:q ( () ) ;\n\t.\n",
    ),
    "what is almost a list as what it is": (
        "entity:a aisi:p [ rdf:first 1 , 2 ; rdf:rest () ] .",
        "entity:a\n\taisi:p [\n\t\trdf:first\n\t\t\t1 ,\n\t\t\t2\n\t\t\t;\n\t\trdf:rest () ;\n\t] ;\n\t.\n",
    ),
    "full IRIs where a short name would need an escape": (
        (
            "<https://w3id.org/aisi-kg/entity/a.> aisi:p <https://w3id.org/aisi-kg/entity/a/b> , "
            "<https://w3id.org/aisi-kg/entity/> , <https://w3id.org/aisi-kg/entity/%C3%A9> , entity:a.b-c_ ."
        ),
        (
            "<https://w3id.org/aisi-kg/entity/a.>\n\taisi:p\n\t\t<https://w3id.org/aisi-kg/entity/%C3%A9> ,\n"
            "\t\t<https://w3id.org/aisi-kg/entity/> ,\n\t\t<https://w3id.org/aisi-kg/entity/a/b> ,\n"
            "\t\tentity:a.b-c_\n\t\t;\n\t.\n"
        ),
    ),
}


def without_prefixes(text: str) -> str:
    return re.sub(r"\A((#.*\n)*\n?)(@prefix .*\n)*\n?", r"\1", text)


@pytest.mark.parametrize("rule", TURTLE_RULES)
def test_a_rule_of_turtle(rule: str) -> None:
    before, after = TURTLE_RULES[rule]
    formatted = format_turtle(PROLOGUE + before, NAMES)
    assert without_prefixes(formatted) == after
    assert format_turtle(formatted, NAMES) == formatted


def test_prefixes_that_are_used_are_declared_and_sorted() -> None:
    text = PROLOGUE + 'entity:a aisi:p "2024"^^xsd:gYear ; rdf:type <http://example.org/C> .'
    lines = format_turtle(text, NAMES).split("\n")
    # The type is written "a", which takes no prefix.
    assert lines[:4] == [
        f"@prefix aisi: <{AISI}> .",
        "@prefix entity: <https://w3id.org/aisi-kg/entity/> .",
        f"@prefix xsd: <{XSD}> .",
        "",
    ]


def test_a_file_may_bind_other_prefixes() -> None:
    text = "@prefix e: <https://w3id.org/aisi-kg/entity/> .\nPREFIX x: <http://example.org/>\ne:a x:p e:b ."
    assert (
        without_prefixes(format_turtle(text, NAMES)) == "entity:a\n\t<http://example.org/p> entity:b ;\n\t.\n"
    )


def test_the_base_of_a_file_is_resolved() -> None:
    text = "@base <https://w3id.org/aisi-kg/entity/> .\n<a> <b> <c> ."
    assert without_prefixes(format_turtle(text, NAMES)) == "entity:a\n\tentity:b entity:c ;\n\t.\n"


def test_the_header_stays() -> None:
    text = "\n# one\n#two  \n\n  # three\n\n\n@prefix e: <https://w3id.org/aisi-kg/entity/> .\ne:a e:b e:c ."
    formatted = format_turtle(text, NAMES)
    assert formatted.startswith("# one\n#two\n\n# three\n\n@prefix entity:")
    assert header_of(formatted) == "# one\n#two\n\n# three\n"
    assert format_turtle(formatted, NAMES) == formatted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        (" \n\n", ""),
        ("# alone", "# alone\n"),
        ("@prefix e: <http://example.org/> .\n", ""),
        ("<http://e/a> <http://e/b> <http://e/c> .", "<http://e/a>\n\t<http://e/b> <http://e/c> ;\n\t.\n"),
    ],
)
def test_small_files(text: str, expected: str) -> None:
    assert format_turtle(text, NAMES) == expected
    assert format_trig(text, NAMES) == expected


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("entity:a aisi:p 1 . # here", (1, 21)),
        ("entity:a aisi:p 1 .\n\n  # here\n", (3, 3)),
        ("entity:a\n\taisi:p # here\n 1 .", (2, 9)),
        ('entity:a aisi:p """#\n#""" , <http://e/#f> , \'#\' . # here', (2, 30)),
        ("entity:a aisi:p entity:b#here\n .", (1, 25)),
        ("entity:a aisi:p entity:\\#b . #here\n", (1, 30)),
    ],
)
def test_a_comment_that_would_be_lost_is_refused(text: str, place: tuple[int, int]) -> None:
    assert misplaced_comment(text) == place
    lines = PROLOGUE.count("\n") + place[0]
    with pytest.raises(InputError, match=f"line {lines}, column {place[1]}: this comment would be lost"):
        format_turtle(PROLOGUE + text, NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only",
        "# one\n# two\n\nentity:a aisi:p 1 .",
        'entity:a aisi:p "#" , <http://e/#f> , """a\n#""" .',
    ],
)
def test_what_is_no_misplaced_comment(text: str) -> None:
    assert misplaced_comment(text) is None


@pytest.mark.parametrize(
    ("text", "line", "column", "detail"),
    [
        ("<http://e/a> <http://e/b> é\n", 1, 27, "é"),
        ("\n中 a b .", 2, 1, "中"),
        ("<http://e/a> <http://e/中> x:c .", 1, 27, "prefix x:"),
        ("<a> <http://e/b> 1 .", 1, 1, "absolute IRI"),
        ("<http://e/a>\n<http://e/b> <<( <http://e/a> <http://e/b> 1 )>> .", 2, 14, "RDF 1.1"),
        ('<http://e/a> <http://e/b> "x"@ar--rtl .', 1, 33, "RDF 1.1"),
    ],
)
def test_a_syntax_error_has_its_place(text: str, line: int, column: int, detail: str) -> None:
    for format_text in (format_turtle, format_trig):
        with pytest.raises(RdfSyntaxError, match=re.escape(detail)) as caught:
            format_text(text, NAMES)
        assert (caught.value.line, caught.value.column) == (line, column)
        assert "Parser error" not in str(caught.value)


def test_nesting_that_nobody_could_read_is_refused() -> None:
    def nested(depth: int) -> str:
        return PROLOGUE + "entity:a aisi:p " + "[ aisi:p " * depth + "1" + " ]" * depth + " ."

    assert format_turtle(nested(32), NAMES).count("[") == 32
    for depth in (33, 5000):
        with pytest.raises(InputError, match="more than 32 deep"):
            format_turtle(nested(depth), NAMES)


def test_a_long_list_is_not_nested() -> None:
    text = PROLOGUE + "entity:a aisi:p ( " + " ".join(f"entity:e{i}" for i in range(3000)) + " [] ) ."
    assert format_turtle(text, NAMES).count("\n\t\tentity:e") == 3000


def test_a_comment_after_the_prefixes_is_no_header() -> None:
    text = f"# top\n{PROLOGUE}# here\nentity:a aisi:p 1 .\n"
    assert header_of(text) == "# top\n"
    assert misplaced_comment(text) == (PROLOGUE.count("\n") + 2, 1)


CLAIMS = """
claim:late a aisi:Claim ; prov:wasQuotedFrom passage:90-99 , passage:5-9 , passage:100-110 .
claim:b10 a aisi:Claim ; prov:wasQuotedFrom passage:5-9 .
claim:b9 a aisi:Claim ; prov:wasQuotedFrom passage:5-9 .
claim:first a aisi:Claim ; prov:wasQuotedFrom passage:1-2 .
claim:nowhere a aisi:Claim .
passage:100-110 oa:start 100 . passage:90-99 oa:start 90 . passage:5-9 oa:start 5 . passage:1-2 oa:start 1 .
passage:unused oa:start 0 .
claim:late { entity:b aisi:p 1 . entity:a aisi:p 1 }
GRAPH claim:alone { entity:a aisi:p entity:b }
GRAPH claim:first { entity:a aisi:p [ aisi:q 1 ] }
"""


def test_claims_stand_in_the_order_of_the_text() -> None:
    formatted = without_prefixes(format_trig(PROLOGUE + CLAIMS, NAMES))
    assert [line for line in formatted.split("\n") if line and not line.startswith(("\t", "}"))] == [
        "GRAPH claim:first {",
        "claim:first",
        "passage:1-2",
        "claim:b9",
        "passage:5-9",
        "claim:b10",
        "GRAPH claim:late {",
        "claim:late",
        "passage:90-99",
        "passage:100-110",
        "GRAPH claim:alone {",
        "claim:nowhere",
        "passage:unused",
    ]


def test_a_claim_graph_is_indented() -> None:
    formatted = without_prefixes(format_trig(PROLOGUE + CLAIMS, NAMES))
    assert formatted.startswith(
        "GRAPH claim:first {\n\tentity:a\n\t\taisi:p [\n\t\t\taisi:q 1 ;\n\t\t] ;\n\t\t.\n}\n\n"
        "claim:first\n\ta aisi:Claim ;\n"
    )
    assert (
        "GRAPH claim:late {\n\tentity:a\n\t\taisi:p 1 ;\n\t\t.\n\n\tentity:b\n\t\taisi:p 1 ;\n\t\t.\n}\n"
        in formatted
    )


@pytest.mark.parametrize(
    "text",
    [
        "GRAPH claim:a { entity:a aisi:p 1 }\nclaim:a { entity:a aisi:p 2 }",
        "claim:a aisi:p 1 .\nclaim:a aisi:p 2 .",
    ],
)
def test_formatting_never_makes_one_claim_of_two(text: str) -> None:
    line = PROLOGUE.count("\n") + 2
    with pytest.raises(
        InputError, match=f"line {line}, column 1: .*/claim/concordia-2024/a> stands further up"
    ):
        format_trig(PROLOGUE + text, NAMES)


def test_any_trig_has_its_graphs_sorted() -> None:
    quads = parse_text(
        PROLOGUE + "claim:10 { entity:a aisi:p 1 } claim:9 { entity:a aisi:p 1 } entity:b aisi:p 1 .",
        RdfFormat.TRIG,
    )
    written = without_prefixes(write_trig(quads, NAMES))
    assert re.findall(r"^\S.*", written, re.MULTILINE) == [
        "entity:b",
        "GRAPH claim:9 {",
        "}",
        "GRAPH claim:10 {",
        "}",
    ]


def test_a_blank_node_of_two_graphs_has_one_label() -> None:
    text = PROLOGUE + "entity:a aisi:p _:x . GRAPH claim:a { _:x aisi:p 1 } GRAPH _:g { entity:a aisi:p 1 }"
    formatted = format_trig(text, NAMES)
    labels = re.findall(r"_:\w+", formatted)
    assert len(labels) == 3
    assert len(set(labels)) == 2


def test_a_claim_that_is_its_own_passage_is_written_once() -> None:
    text = (
        PROLOGUE
        + "claim:a a aisi:Claim ; oa:start 1 ; prov:wasQuotedFrom claim:a , claim:b ."
        + "claim:b a aisi:Claim ; oa:start 0 ."
    )
    formatted = format_trig(text, NAMES)
    assert formatted.count("\nclaim:a\n") == formatted.count("\nclaim:b\n") == 1


def test_a_claim_that_another_one_quotes_stays_with_its_graph() -> None:
    text = (
        PROLOGUE
        + "claim:a a aisi:Claim ; prov:wasQuotedFrom claim:b ."
        + "claim:b oa:start 1 . claim:b { entity:a aisi:p 1 }"
    )
    assert "\n}\n\nclaim:b\n" in format_trig(text, NAMES)


@pytest.mark.parametrize("character", "\x00\x0b\x1f\x7f\x85\u200b\u200f\u2028\u202e\u2060\u2066\u2069\ufeff")
def test_what_cannot_be_seen_is_written_as_an_escape(character: str) -> None:
    for value in (f"a{character}b", f"a{character}\nb"):
        written = write_turtle([Triple(IRIS[0], PREDICATES[3], Literal(value))], NAMES)
        assert f"a\\u{ord(character):04X}" in written
        assert character not in written


def test_a_writer_that_loses_something_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style, "write_turtle", lambda quads, *_arguments: write_turtle(quads[1:], NAMES))
    with pytest.raises(AisiKgError, match="would have changed what the file says"):
        format_turtle("<http://e/a> <http://e/b> 1 , 2 .", NAMES)


@pytest.mark.parametrize("start", ['"x"', "1.5", "-4", "entity:a", "99999999999999999999999"])
def test_a_start_that_is_no_offset_is_as_good_as_none(start: str) -> None:
    text = PROLOGUE + (
        f"claim:a a aisi:Claim ; prov:wasQuotedFrom passage:a . passage:a oa:start {start} ."
        "claim:b a aisi:Claim ; prov:wasQuotedFrom passage:b . passage:b oa:start 7 ."
    )
    formatted = format_trig(text, NAMES)
    assert formatted.index("\nclaim:b\n") < formatted.index("\nclaim:a\n")


def test_triples_and_quads_are_written_alike() -> None:
    quads = parse_text(PROLOGUE + CLAIMS, RdfFormat.TRIG)
    triples = [Triple(quad.subject, quad.predicate, quad.object) for quad in quads]
    assert write_turtle(triples, NAMES) == write_turtle(quads, NAMES)


def test_a_header_is_written() -> None:
    for write in (write_turtle, write_trig, write_trig_claims):
        assert write([], NAMES, "# header\n") == "# header\n"


def test_a_triple_as_a_term_is_refused() -> None:
    iri = NamedNode("http://example.org/")
    with pytest.raises(InputError, match=r"RDF 1\.1"):
        write_turtle([Triple(iri, iri, Triple(iri, iri, iri))], NAMES)


@given(st.lists(st.from_regex(r"[a-z.-]{0,2}[0-9]{0,3}[a-z]?", fullmatch=True), max_size=6))
def test_the_natural_order_is_one_order(texts: list[str]) -> None:
    assert sorted(texts, key=natural_key) == sorted(sorted(texts), key=natural_key)
    assert len({natural_key(text) for text in texts}) == len(set(texts))


@given(st.integers(0, 10**30), st.integers(0, 10**30))
def test_the_natural_order_is_that_of_numbers(one: int, other: int) -> None:
    assert (natural_key(f"a{one}") < natural_key(f"a{other}")) == (one < other)


# What holds for any graph. Few names, so that blank nodes come out shared, cyclic and in lists, also broken.
BLANKS = [BlankNode(f"b{number}") for number in range(6)]
IRIS = [
    NamedNode(iri)
    for iri in (
        AISI + "Claim",
        AISI + "p10",
        AISI + "p9",
        "https://w3id.org/aisi-kg/entity/a.b",
        "https://w3id.org/aisi-kg/entity/a.",
        "https://w3id.org/aisi-kg/claim/concordia-2024/c",
        "https://w3id.org/aisi-kg/source/concordia-2024/passage/1-2",
        "http://example.org/é#",
        RDF + "nil",
    )
]
PREDICATES = [
    NamedNode(iri)
    for iri in (
        RDF + "type",
        RDF + "first",
        RDF + "rest",
        AISI + "p",
        "http://example.org/p/",
        "http://www.w3.org/ns/prov#wasQuotedFrom",
        "http://www.w3.org/ns/oa#start",
    )
]
characters = st.characters(codec="utf-8") | st.sampled_from('"\\\n\t\r\u200b\ufeff\x7f\x85\u2028')
texts = st.text(characters, max_size=8)
literals = st.one_of(
    texts.map(Literal),
    st.tuples(texts, st.sampled_from(["en", "zh", "zh-hans"])).map(
        lambda pair: Literal(pair[0], language=pair[1])
    ),
    st.tuples(
        st.sampled_from(["1", "01", "-2", "1.", "1.50", ".5", "true", "x", "1e0", "2024"]),
        st.sampled_from(["integer", "decimal", "boolean", "double", "gYear", "string", "other"]),
    ).map(lambda pair: Literal(pair[0], datatype=NamedNode(XSD + pair[1]))),
)
subjects = st.sampled_from(BLANKS) | st.sampled_from(IRIS)
names = st.sampled_from(IRIS) | st.just(DefaultGraph())
chains = st.lists(
    st.builds(
        Quad,
        subjects,
        st.sampled_from(PREDICATES),
        st.sampled_from(BLANKS) | st.sampled_from(IRIS) | literals,
    ),
    max_size=14,
)
lists = st.lists(st.sampled_from(BLANKS[4:]) | st.sampled_from(IRIS) | literals, max_size=5).map(
    lambda members: (
        [
            quad
            for number, member in enumerate(members)
            for quad in (
                Quad(BlankNode(f"l{number}"), NamedNode(RDF + "first"), member),
                Quad(
                    BlankNode(f"l{number}"),
                    NamedNode(RDF + "rest"),
                    BlankNode(f"l{number + 1}") if number + 1 < len(members) else NamedNode(RDF + "nil"),
                ),
            )
        ]
        + [Quad(IRIS[0], PREDICATES[3], BlankNode("l0"))]
    )
)
graphs = st.tuples(chains, lists).map(lambda parts: parts[0] + parts[1])
datasets = st.lists(st.tuples(graphs, names | st.just(BlankNode("b0"))), max_size=3).map(
    lambda parts: [
        Quad(quad.subject, quad.predicate, quad.object, graph) for quads, graph in parts for quad in quads
    ]
)


def canonical(quads: Iterable[Quad]) -> Dataset:
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def relabelled(quads: list[Quad]) -> list[Quad]:
    """Say the same with other labels in another order."""
    labels: dict[str, BlankNode] = {}

    def other(term: NamedNode | BlankNode | Literal | Triple | DefaultGraph) -> object:
        return labels.setdefault(term.value, BlankNode()) if isinstance(term, BlankNode) else term

    copies = [
        Quad(*(other(term) for term in (q.subject, q.predicate, q.object, q.graph_name)))  # type: ignore[arg-type]
        for q in quads
    ]
    random.Random(len(quads)).shuffle(copies)
    return copies


@given(graphs)
def test_turtle_says_the_same(quads: list[Quad]) -> None:
    text = write_turtle(quads, NAMES)
    assert canonical(parse_text(text, RdfFormat.TURTLE)) == canonical(quads)


@given(graphs)
def test_turtle_does_not_depend_on_labels_and_order(quads: list[Quad]) -> None:
    assert write_turtle(relabelled(quads), NAMES) == write_turtle(quads, NAMES)


@given(graphs)
def test_formatting_turtle_twice_is_formatting_it_once(quads: list[Quad]) -> None:
    text = write_turtle(quads, NAMES)
    assert format_turtle(text, NAMES) == text


@pytest.mark.parametrize("write", [write_trig, write_trig_claims])
@given(quads=datasets)
def test_trig_says_the_same(write: Callable[[list[Quad], Prefixes], str], quads: list[Quad]) -> None:
    text = write(quads, NAMES)
    assert canonical(parse_text(text, RdfFormat.TRIG)) == canonical(quads)
    assert write(relabelled(quads), NAMES) == text


@given(datasets)
def test_formatting_trig_twice_is_formatting_it_once(quads: list[Quad]) -> None:
    text = write_trig_claims(quads, NAMES)
    assert format_trig(text, NAMES) == text


def test_another_parser_reads_the_same(prefixes: Prefixes) -> None:
    # It tells "x" from "x"^^xsd:string and @en-GB from @en-gb, which are the same.
    differ = {"strings without datatype", "language tags in lower case"}
    for before in (TURTLE_RULES[rule][0] for rule in TURTLE_RULES.keys() - differ):
        formatted = format_turtle(PROLOGUE + before, prefixes)
        read = [rdflib.Graph().parse(data=data, format="turtle") for data in (PROLOGUE + before, formatted)]
        assert len(read[0]) > 0
        assert rdflib.compare.isomorphic(*read)
