"""What somebody writes becomes an RDF term of the parameter's type, or is refused with what is allowed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from aisi_kg.errors import ParameterRefused
from aisi_kg.graph.prefixes import AISI, ENTITY_BASE, Prefixes
from aisi_kg.store.library.records import Library, Parameter, ParameterType, Text
from aisi_kg.store.library.values import bind, term_of, text_of

XSD = "http://www.w3.org/2001/XMLSchema#"
RURITANIA = ENTITY_BASE + "ruritania-aisi"
LABEL = Text("A", "甲")


@pytest.mark.parametrize(
    ("id_", "name", "value", "term"),
    [
        ("money", "institute", RURITANIA, NamedNode(RURITANIA)),
        ("money", "institute", f"<{RURITANIA}>", NamedNode(RURITANIA)),
        ("money", "institute", "entity:ruritania-aisi", NamedNode(RURITANIA)),
        ("by-basis", "basis", "aisi:NewBody", NamedNode(AISI + "NewBody")),
        ("said-of", "thing", "urn:isbn:0", NamedNode("urn:isbn:0")),
        ("said-of", "thing", "https://example.org/é?a=1#b", NamedNode("https://example.org/é?a=1#b")),
        ("totals", "least", "-3", Literal("-3", datatype=NamedNode(XSD + "integer"))),
        ("totals", "least", "+007", Literal("7", datatype=NamedNode(XSD + "integer"))),
        ("founded", "since", "2024-02-29", Literal("2024-02-29", datatype=NamedNode(XSD + "date"))),
        ("statements", "word", '"} UNION {', Literal('"} UNION {')),
        ("statements", "language", "zh", Literal("zh")),
        ("sized", "size", "small", Literal("small")),
    ],
)
def test_a_value_becomes_a_term(
    library: Library, prefixes: Prefixes, id_: str, name: str, value: str, term: object
) -> None:
    assert dict(bind(library.queries[id_], [(name, value)], prefixes))[name] == term


INSTITUTES = ("entity:borduria-aisi", "entity:ruritania-aisi", "entity:syldavia-aisi")


@pytest.mark.parametrize(
    ("id_", "name", "value", "allowed", "words"),
    [
        ("money", "nation", "x", ("institute",), "has no parameter 'nation'; it has institute."),
        ("ruritania", "a", "x", (), "has no parameter 'a'; it has none."),
        ("money", "institute", "entity:none", INSTITUTES, "write one of entity:borduria-aisi, "),
        ("money", "institute", "ruritania", INSTITUTES, "'ruritania'; write one of entity:borduria-aisi, "),
        ("money", "institute", AISI + "NewBody", INSTITUTES, "write one of"),
        # Of the class, and not of the scheme.
        ("by-basis", "basis", "aisi:Other", ("aisi:ExistingBody", "aisi:NewBody"), "write one of"),
        ("said-of", "thing", "no iri", (), "write an absolute IRI"),
        ("said-of", "thing", "/entity/x", (), "write an absolute IRI"),
        ("said-of", "thing", "https://e/> ?p ?o } #", (), "write an absolute IRI"),
        ("said-of", "thing", "https://e/\ud800", (), "write an absolute IRI"),
        ("totals", "least", "1.5", (), "whole number"),
        ("totals", "least", "1 } #", (), "whole number"),
        ("totals", "least", "٣", (), "whole number"),
        ("totals", "least", "9" * 19, (), "whole number"),
        ("founded", "since", "2023-02-29", (), "day of the calendar"),
        ("founded", "since", "2023-2-9", (), "day of the calendar"),
        ("founded", "since", "2023-02-09T00:00:00", (), "day of the calendar"),
        ("founded", "since", "20230209", (), "day of the calendar"),
        ("statements", "language", "fr", ("en", "zh"), "write en or zh"),
        ("statements", "word", "x" * 1001, (), "at most 1000 characters"),
        ("statements", "word", "\ud800", (), "no character"),
        ("sized", "size", "huge", ("small", "large"), "write one of small, large"),
    ],
)
def test_what_cannot_be_is_refused_and_what_can_is_named(
    library: Library,
    prefixes: Prefixes,
    id_: str,
    name: str,
    value: str,
    allowed: tuple[str, ...],
    words: str,
) -> None:
    with pytest.raises(ParameterRefused) as refused:
        bind(library.queries[id_], [(name, value)], prefixes)
    assert refused.value.parameter == name
    assert refused.value.allowed == allowed
    assert words in str(refused.value)
    assert str(refused.value).isascii()
    assert str(refused.value).endswith(".")


def test_a_default_stands_where_no_value_is_given(library: Library, prefixes: Prefixes) -> None:
    money, totals = library.queries["money"], library.queries["totals"]
    expected = (("institute", NamedNode(RURITANIA)),)
    assert bind(money, [], prefixes) == bind(money, [("institute", "")], prefixes) == expected
    assert [name for name, _ in bind(totals, [], prefixes)] == ["least"]
    # In the order of the header, so that one question has one key in a cache.
    assert [name for name, _ in bind(totals, [("above", "1"), ("least", "1")], prefixes)] == [
        "least",
        "above",
    ]


def test_two_values_for_one_parameter_are_refused(library: Library, prefixes: Prefixes) -> None:
    totals = library.queries["totals"]
    assert bind(totals, [("least", "1"), ("least", "01")], prefixes)
    with pytest.raises(ParameterRefused, match="is given two values"):
        bind(totals, [("least", "1"), ("least", "2")], prefixes)


def test_of_many_members_the_closest_are_named(library: Library, prefixes: Prefixes) -> None:
    parameter = library.queries["money"].parameters[0]
    many = tuple(
        type(parameter.members[0])(f"{ENTITY_BASE}institute-{number}", LABEL) for number in range(300)
    )
    crowded = Parameter(parameter.name, parameter.type, LABEL, parameter.of_class, members=many)
    with pytest.raises(ParameterRefused, match="there are 300, such as entity:institute-") as refused:
        term_of(crowded, "entity:institut-17", prefixes)
    assert len(refused.value.allowed) == 300
    assert "entity:institute-17" in str(refused.value)
    assert len(str(refused.value)) < 300


@given(st.sampled_from(ParameterType), st.text())
def test_any_text_is_a_term_or_refused(type_: ParameterType, value: str) -> None:
    prefixes = Prefixes({"e": "https://example.org/"})
    parameter = Parameter("p", type_, LABEL)
    try:
        term = term_of(parameter, value, prefixes)
    except ParameterRefused:
        return
    # What is taken is read back as the same term.
    assert term_of(parameter, text_of(term, prefixes), prefixes) == term
